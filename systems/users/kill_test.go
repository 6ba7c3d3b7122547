package users

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills the real server again and again while two clients create
// users, every second time when a request has come and nothing is stored, and
// every second time when a user is stored and nobody was told. Each user is
// there once, under an id of its own.
func TestLiveKills(t *testing.T) {
	const kills = 60
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("server receives #%d", 8*i+4), fmt.Sprintf("server stores #%d", 6*i+5))
	}
	workload := fmt.Sprintf("clients=2 operations=%d every=1ms ops=create attempts=20", 2*kills)
	result := worldtest.Kills(t, System(), hardened(), workload, moments)

	hits := labtest.KilledAfter(result.Events, server)
	t.Logf("the server died after %v", hits)
	require.NotZero(t, hits[history.Recv], "kills between the arrival and the store")
	require.NotZero(t, hits[history.Store], "kills between the store and the answer")
}
