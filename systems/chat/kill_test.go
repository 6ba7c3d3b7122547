package chat

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// TestLiveKills kills Davide's real program again and again: when a line of Anouk
// has come and is not on disk yet, and when it is there and she has not been told.
// Nothing is lost, and nothing is shown twice.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const kills = 40
	var script strings.Builder
	fmt.Fprintf(&script, "workload lines=%d every=10ms poll=10ms lease=600ms\nsettle 30s\n", 10*kills)
	for i := range kills / 2 {
		fmt.Fprintf(&script, "when davide receives anouk/%d kill davide for 1ms\n", 20*i+8)
		fmt.Fprintf(&script, "when davide stores anouk/%d kill davide for 1ms\n", 20*i+18)
	}
	system, sc := parse(t, script.String())
	variant := hardened()
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	// His own lines, and what he asks the naming service, pass through the same program.
	lines := slices.DeleteFunc(slices.Clone(result.Events), func(e history.Event) bool { return e.Kind != history.Kill && e.Source != anouk })
	hits := labtest.KilledAfter(lines, davide)
	t.Logf("Davide's program died after %v; counts %+v", hits, result.Counts)
	require.Equal(t, kills/2, hits[history.Recv], "kills between a line's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the answer")
}
