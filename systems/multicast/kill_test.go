package multicast

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills a real receiver and the real sender again and again, in the
// middle of a message. The logs have everything once, and are the same.
func TestLiveKills(t *testing.T) {
	const rounds = 10
	var moments []string
	for i := range rounds {
		moments = append(moments,
			fmt.Sprintf("receiver receives sender/%d", 20*i+5),
			fmt.Sprintf("receiver2 stores sender/%d", 20*i+10),
			fmt.Sprintf("sender sends sender/%d", 20*i+15),
		)
	}
	workload := fmt.Sprintf("messages=%d every=2ms heartbeat=5ms", 20*rounds)
	result := worldtest.Kills(t, System(), hardened(), workload, moments)

	kills := map[string]int{}
	for _, e := range labtest.Of(result.Events, history.Kill) {
		kills[e.Node]++
	}
	require.Equal(t, map[string]int{sender: rounds, "receiver": rounds, "receiver2": rounds}, kills)
}
