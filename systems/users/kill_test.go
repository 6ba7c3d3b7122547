package users

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// TestLiveKills kills the real server again and again while two clients create
// users, every second time when a request has come and nothing is stored, and
// every second time when a user is stored and nobody was told. Each user is
// there once, under an id of its own.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const kills = 60
	var text strings.Builder
	fmt.Fprintf(&text, "system users\nworkload clients=2 operations=%d every=1ms ops=create attempts=20\nsettle 30s\n", 2*kills)
	for i := range kills / 2 {
		fmt.Fprintf(&text, "when server receives #%d kill server for 1ms\n", 8*i+4)
		fmt.Fprintf(&text, "when server stores #%d kill server for 1ms\n", 6*i+5)
	}
	sc, err := script("kills", text.String())
	require.NoError(t, err)
	system, variant := System(), hardened()
	// Explored: a kill may find the server just dead of the one before.
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1, Explored: true}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	hits := labtest.KilledAfter(result.Events, server)
	t.Logf("the server died after %v; counts %+v", hits, result.Counts)
	require.NotZero(t, hits[history.Recv], "kills between the arrival and the store")
	require.NotZero(t, hits[history.Store], "kills between the store and the answer")
}
