package udpecho

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
	"faultlab/sim/world/virtual"
)

// The test binary is also what the live world executes again as a node.
func TestMain(m *testing.M) {
	live.RunIfNode(lab.Register(System()))
	os.Exit(m.Run())
}

// parse reads a script for the lab, and gives a system of its own with it.
func parse(t testing.TB, text string) (*lab.System, *scenarios.Scenario) {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse("test", "test", []byte("system udpecho\n"+text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return system, sc
}

// inPlaceOfTheClient runs a variant's server in the virtual world, with f in place
// of the client, and gives the messages that are in the log then.
func inPlaceOfTheClient(t testing.TB, v lab.Variant, f func(net.Conn) error) (entries []history.Event) {
	t.Helper()
	system, sc := parse(t, "settle 100ms\n")
	var wrong error
	v.Roles["client"] = func(ctx context.Context, env lab.Env) error {
		conn, err := env.DialPacket(ctx, server)
		if err == nil {
			defer conn.Close()
			err = f(conn)
		}
		wrong = err
		return nil
	}
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
	require.NoError(t, wrong)
	for _, e := range result.Events {
		if e.Kind == history.Final {
			entries = append(entries, e)
		}
	}
	return entries
}

// answers sends a datagram and gives all that comes back.
func answers(conn net.Conn, datagram []byte) (all [][]byte, err error) {
	if _, err := conn.Write(datagram); err != nil {
		return nil, err
	}
	if err := conn.SetReadDeadline(ahead(50 * time.Millisecond)); err != nil { // more than it takes there
		return nil, err
	}
	for {
		b := make([]byte, 1<<16)
		n, err := conn.Read(b)
		if late(err) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, b[:n])
	}
}
