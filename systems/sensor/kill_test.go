package sensor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills the real collector again and again under load, every
// second time after it has received a record and before it has stored it, and
// every second time after it has stored one and before it says ACK. Nothing is
// lost and nothing is there twice.
func TestLiveKills(t *testing.T) {
	const kills = 200
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("collector receives #%d", 20*i+8), fmt.Sprintf("collector stores #%d", 20*i+18))
	}
	workload := fmt.Sprintf("readings=%d every=2ms poll=1ms", 10*kills)
	result := worldtest.Kills(t, System(), hardened(), workload, moments)

	hits := labtest.KilledAfter(result.Events, collector)
	t.Logf("the collector died after %v", hits)
	require.Equal(t, kills/2, hits[history.Recv], "kills between the record's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the ACK")
}
