package sensor

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

// TestLiveKills kills the real collector again and again under load, every
// second time after it has received a record and before it has stored it, and
// every second time after it has stored one and before it says ACK. Nothing is
// lost and nothing is there twice.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const kills = 200
	var script strings.Builder
	fmt.Fprintf(&script, "system sensor\nworkload readings=%d every=2ms poll=1ms\nsettle 30s\n", 10*kills)
	for i := range kills / 2 {
		fmt.Fprintf(&script, "when collector receives #%d kill collector for 1ms\n", 20*i+8)
		fmt.Fprintf(&script, "when collector stores #%d kill collector for 1ms\n", 20*i+18)
	}
	system, sc := parse(t, "kills", script.String())
	variant := hardened()
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	hits := labtest.KilledAfter(result.Events, collector)
	t.Logf("the collector died after %v; counts %+v", hits, result.Counts)
	require.Equal(t, kills/2, hits[history.Recv], "kills between the record's arrival and its store")
	require.Equal(t, kills/2, hits[history.Store], "kills between the store and the ACK")
}
