package chat

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills Davide's real program again and again: when a line of Anouk
// has come and is not on disk yet, and when it is there and she has not been told.
// Nothing is lost, and nothing is shown twice.
func TestLiveKills(t *testing.T) {
	const kills = 40
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("davide receives anouk/%d", 20*i+8), fmt.Sprintf("davide stores anouk/%d", 20*i+18))
	}
	workload := fmt.Sprintf("lines=%d every=10ms poll=10ms lease=600ms", 10*kills)
	result := worldtest.Kills(t, System(), hardened(), workload, moments)

	// His own lines, and what he asks the naming service, pass through the same program.
	lines := slices.DeleteFunc(slices.Clone(result.Events), func(e history.Event) bool { return e.Kind != history.Kill && e.Source != anouk })
	hits := labtest.KilledAfter(lines, davide)
	t.Logf("Davide's program died after %v", hits)
	require.Equal(t, kills/2, hits[history.Recv], "kills between a line's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the answer")
}
