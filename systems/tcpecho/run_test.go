package tcpecho

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
	"faultlab/sim/world/virtual"
)

// violated lists what a run in the virtual world breaks of what it promises.
func violated(t *testing.T, v lab.Variant, sc *scenarios.Scenario) []string {
	t.Helper()
	result := world.Run(context.Background(), world.Spec{System: System(), Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
	var broken []string
	for _, verdict := range result.Verdicts {
		if verdict.Outcome == check.Violated {
			broken = append(broken, verdict.Property)
		}
	}
	return broken
}

// What a text says of whose it is, nobody else's does.
func TestTextsTellTheirOperation(t *testing.T) {
	for _, kind := range []string{sayText, sayDocument, sayCommands, sayEdges, sayLong, sayBinary} {
		p, err := System().Params.Parse(map[string]string{"payload": kind, "messages": "20"})
		require.NoError(t, err)
		for _, n := range lab.Clients(len(timeWords)) {
			for seq := int64(1); seq <= 21; seq++ {
				said := said(p, n.Name, seq)
				e := about(said.bytes)
				require.Equal(t, n.Name, e.Source, "%q", said.bytes)
				if command(said.bytes) != "time" && command(said.bytes) != exit {
					require.Equal(t, seq, e.Seq, "%q", said.bytes)
				}
				require.NotContains(t, said.bytes, "\n", "the console has one line for each")
			}
		}
	}
	for _, nobodys := range []string{"", "x", "client/1", "client/01 x", "client5/1 x", "client/-1 x", "clien", "/1 x", "tiMe"} {
		require.Equal(t, history.Event{Op: echo, Value: nobodys}, about(nobodys))
	}
}

// TestLiveKills kills the real server again and again while two clients send, every
// second time when a text has come and nothing is stored, and every second time
// when it is stored and nobody was told. Each text is there once.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const kills = 40
	var text strings.Builder
	fmt.Fprintf(&text, "workload clients=2 messages=%d every=1ms payload=text timeout=1s\nsettle 30s\n", 3*kills)
	for i := range kills / 2 {
		fmt.Fprintf(&text, "when server receives #%d kill server for 1ms\n", 8*i+4)
		fmt.Fprintf(&text, "when server stores #%d kill server for 1ms\n", 6*i+5)
	}
	sc, err := script("kills", text.String())
	require.NoError(t, err)
	variant := hardened()
	// Explored: a kill may find the server just dead of the one before.
	result := world.Run(context.Background(), world.Spec{System: System(), Variant: &variant, Scenario: sc, Seed: 1, Explored: true}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	hits := labtest.KilledAfter(result.Events, server)
	t.Logf("the server died after %v; counts %+v", hits, result.Counts)
	require.NotZero(t, hits[history.Recv], "kills between the arrival and the store")
	require.NotZero(t, hits[history.Store], "kills between the store and the answer")
}
