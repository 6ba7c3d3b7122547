package userservice

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills the real server again and again while two clients create
// batches of users: in the middle of a batch, and when one is stored and nobody
// was told. Every batch is there, whole and once.
func TestLiveKills(t *testing.T) {
	const kills = 20
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("server receives #%d", 24*i+5), fmt.Sprintf("server stores #%d", 12*i+6))
	}
	result := worldtest.Kills(t, System(), hardened(), "operations=160 every=0s ops=create batch=4 create_pace=0s list_pace=0s deadline=200ms attempts=20", moments)

	hits := labtest.KilledAfter(result.Events, server)
	t.Logf("the server died after %v", hits)
	require.NotZero(t, hits[history.Recv], "kills in the middle of a batch")
	require.NotZero(t, hits[history.Store], "kills between the store and the answer")
}
