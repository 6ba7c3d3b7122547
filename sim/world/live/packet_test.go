//go:build unix

package live

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// runPond runs a script about the pond.
func runPond(t *testing.T, w world.World, script string) world.Result {
	t.Helper()
	sys, _ := registry.Lookup("pond")
	sc, err := scenarios.Parse("test", "test.scenario", []byte("system pond\n"+script), world.Vocabulary(registry))
	require.NoError(t, err)
	return world.Run(t.Context(), world.Spec{System: sys, Variant: &sys.Variants[0], Scenario: sc, Seed: 1}, w)
}

// seqs lists the numbers of a node's events of one kind.
func seqs(r world.Result, node string, kind history.Kind) []int64 {
	var found []int64
	for _, e := range r.Events {
		if e.Node == node && e.Kind == kind {
			found = append(found, e.Seq)
		}
	}
	return found
}

// The first ten numbers are the workload's; behind them stands the probe.
func upTo(n int64, but ...int64) []int64 {
	var list []int64
	for i := int64(1); i <= n; i++ {
		if !slices.Contains(but, i) {
			list = append(list, i)
		}
	}
	return list
}

// TestDatagramsInBothWorlds: at triggers, faults on datagrams do in one world
// what they do in the other.
func TestDatagramsInBothWorlds(t *testing.T) {
	for _, tc := range []struct {
		name, script     string
		effect           string
		recv, ok, logged []int64
	}{
		{
			"a request is lost", "when client sends #5 drop client->pond upstream\n", "1 datagram, 1 byte, 1 lost",
			upTo(11, 5), upTo(11, 5), upTo(11, 5),
		},
		{
			"an answer is lost", "when pond sends #5 drop client->pond downstream\n", "1 datagram, 1 byte, 1 lost",
			upTo(11), upTo(11, 5), upTo(11),
		},
		{
			"a request is doubled", "when client sends #10 duplicate client->pond upstream probability=100\n", "1 datagram, 2 bytes, 1 copy",
			append(upTo(10), 10, 11), upTo(11), append(upTo(10), 10, 11),
		},
		{
			"all are lost", "when client sends #1 loss client->pond probability=100\n", "10 datagrams, 11 bytes, 10 lost",
			[]int64{11},
			[]int64{11},
			[]int64{11},
		},
		{
			"the link is down", "when client sends #1 down client->pond\n", "10 datagrams, 11 bytes, 10 lost",
			[]int64{11},
			[]int64{11},
			[]int64{11},
		},
		{
			"the two are parted", "when client sends #1 partition client | pond\n", "10 datagrams, 11 bytes",
			upTo(11),
			[]int64{11},
			upTo(11),
		},
		{
			"the pond is dead", "when client sends #4 kill pond for 1ms\n", "the node was up", nil, nil, nil,
		},
	} {
		for _, w := range []world.World{virtual.New(), New(Options{Temp: t.TempDir()})} {
			t.Run(tc.name+"/"+w.Name(), func(t *testing.T) {
				r := runPond(t, w, tc.script)
				require.Empty(t, r.Record.Problems)
				require.Equal(t, tc.effect, r.Record.Faults[0].Effect)
				if tc.recv == nil {
					require.Contains(t, seqs(r, "client", history.OK), int64(11), "the pond is not found again")
					return
				}
				require.Equal(t, tc.recv, seqs(r, "pond", history.Recv))
				require.Equal(t, tc.ok, seqs(r, "client", history.OK))
				require.Equal(t, tc.logged, seqs(r, "", history.Final))
			})
		}
	}
}

// TestDatagramTimelinesReplay: with datagrams too, a seed gives the same bytes
// of history whatever the number of processors.
func TestDatagramTimelinesReplay(t *testing.T) {
	sys, _ := registry.Lookup("pond")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	histories := map[uint64]string{}
	met := 0
	for _, processors := range []int{1, 2} {
		runtime.GOMAXPROCS(processors)
		for seed := range uint64(100) {
			e := explore.New(sys, &sys.Variants[0], world.Vocabulary(registry), virtual.New(), seed)
			script := e.Script(explore.Seed(lab.Draw(seed, "pond")), explore.Options{Faults: 6, Least: 4})
			r := e.Run(script)
			var text bytes.Buffer
			require.NoError(t, history.Write(&text, r.Events))
			if processors == 1 {
				histories[seed] = text.String()
			}
			require.Equal(t, histories[seed], text.String(), "seed %d differs:\n%s", seed, scenarios.Print(script))
			for _, f := range r.Record.Faults {
				if f.Effect != "" {
					met++
				}
			}
		}
	}
	require.Greater(t, met, 100, "hardly a fault met anything")
}

// The observer reaches a service past a relay that passes nothing.
func TestTheObserverSendsDatagramsPastTheLinks(t *testing.T) {
	sys, _ := registry.Lookup("pond")
	params, err := sys.Params.Parse(nil)
	require.NoError(t, err)
	spec := world.Spec{System: sys, Variant: &sys.Variants[0], Scenario: &scenarios.Scenario{Params: params}, Seed: 1}
	err = driveWith(t, Options{Temp: t.TempDir()}, spec, newWitness(), func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.Start(ctx, "pond", world.Boot{Incarnation: 1}))
		conn, err := c.DialPacket(ctx, "pond", pondPort)
		require.NoError(t, err)
		defer conn.Close()
		_, err = conn.Write([]byte("7"))
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		buf := make([]byte, 100)
		n, err := conn.Read(buf)
		require.NoError(t, err)
		require.Equal(t, "7", string(buf[:n]))

		_, err = c.Inject(ctx, "client->pond", proxy.Fault{Kind: "timeout", Upstream: true})
		require.ErrorContains(t, err, "acts on streams")
	})
	require.NoError(t, err)
}
