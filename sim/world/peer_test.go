package world_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// A client to which a link leads goes on serving when it has done: its run is over
// all the same, and it can be read back from the client.
func TestAPeerNeedNotEnd(t *testing.T) {
	const peerPort = 7008
	s := depot(playing("client", func(ctx context.Context, env lab.Env) error {
		ln, err := env.Listen(peerPort)
		if err != nil {
			return err
		}
		defer ln.Close()
		if err := client(ctx, env); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}))
	links := s.Links
	s.Links = func(p lab.Params) []lab.Link {
		return append(links(p), lab.Link{From: "store", To: "client", Port: peerPort})
	}
	s.Variants[0].Settled = func(o lab.Observer) (bool, error) {
		conn, err := o.Dial(context.Background(), "client", peerPort)
		if err != nil {
			return false, err
		}
		return true, conn.Close()
	}
	sc, err := scenarios.Parse("depot/peer", "peer", []byte("system depot\nsettle 1m\nwhen store stores #3 kill client for 20ms\nexpect plain holds live"), world.Vocabulary(lab.Register(s)))
	require.NoError(t, err)
	result := world.Run(t.Context(), world.Spec{System: s, Variant: &s.Variants[0], Scenario: sc, Seed: 1}, virtual.New())
	require.True(t, result.AsExpected, "%v", result.Reasons)
	require.Less(t, result.Record.Virtual, time.Minute, "the run waited for the peer to end")
}
