package udpecho

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

// TestLiveKills kills the real server again and again: when a message has come and
// is not on disk yet, and when it is there and not answered. Nothing is lost, and
// nothing is handled twice.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const kills = 20
	var script strings.Builder
	fmt.Fprintf(&script, "workload messages=%d every=1ms payload=text resend=5ms\nsettle 30s\n", 10*kills)
	for i := range kills / 2 {
		fmt.Fprintf(&script, "when server receives client/%d kill server for 1ms\n", 20*i+8)
		fmt.Fprintf(&script, "when server stores client/%d kill server for 1ms\n", 20*i+18)
	}
	system, sc := parse(t, script.String())
	variant := hardened()
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	hits := labtest.KilledAfter(result.Events, server)
	t.Logf("the server died after %v; counts %+v", hits, result.Counts)
	require.Equal(t, kills/2, hits[history.Recv], "kills between a message's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the answer")
}
