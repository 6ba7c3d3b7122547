package world_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
)

const peerPort = 7008

// peer is a client that is dialled as well. It has four numbers stored, so far
// apart that a run which looks at its traffic only takes it for done in between.
func peer(ctx context.Context, env lab.Env) error {
	ln, err := env.Listen(peerPort)
	if err != nil {
		return err
	}
	defer ln.Close()
	err = lab.Workload(ctx, env, 4, 100*time.Millisecond, func(seq int64) {
		e := history.Event{Kind: history.Invoke, Source: "client", Seq: seq}
		env.Record(e)
		e.Kind = history.OK
		if _, err := put(ctx, env, seq); err != nil {
			e.Kind, e.Detail = history.Info, err.Error()
		}
		env.Record(e)
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// A peer goes on serving when it has done. Its run is over all the same, but not
// before its probe: one that was down up to the heal has all its work before it.
func TestAPeerNeedNotEnd(t *testing.T) {
	for _, faults := range []string{"when store stores #3 kill client for 20ms", "at 1us kill client"} {
		t.Run(faults, func(t *testing.T) {
			s := depot(playing("client", peer))
			links := s.Links
			s.Links = func(p lab.Params) []lab.Link {
				return append(links(p), lab.Link{From: "store", To: "client", Port: peerPort})
			}
			script := "settle 1m\n" + faults + "\nexpect plain holds live"
			o := outcome{t, worldtest.Run(t, s, s.Variants[0], script)}.fine()
			require.True(t, o.AsExpected, "%v", o.Reasons)
			require.Contains(t, o.seqs("client", history.OK), int64(5), "the probe")
			require.Less(t, o.Record.Virtual, time.Minute, "the run waited for the peer to end")
		})
	}
}
