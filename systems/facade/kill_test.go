package facade

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills the real logging service again and again: when a message has
// come and is not on disk yet, and when it is there and the facade was not told.
// Nothing is lost, and nothing is there twice.
func TestLiveKills(t *testing.T) {
	const kills = 20
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("logging receives client/%d", 20*i+8), fmt.Sprintf("logging stores client/%d", 20*i+18))
	}
	workload := fmt.Sprintf("messages=%d every=1ms attempts=20 deadline=200ms pause=5ms", 10*kills)
	result := worldtest.Kills(t, System(), hardened(), workload, moments)

	hits := labtest.KilledAfter(result.Events, logging)
	t.Logf("the logging service died after %v", hits)
	require.Equal(t, kills/2, hits[history.Recv], "kills between a message's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the answer")
}
