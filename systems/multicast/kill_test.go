package multicast

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// TestLiveKills kills a real receiver and the real sender again and again, in the
// middle of a message. The logs have everything once, and are the same.
func TestLiveKills(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	const rounds = 10
	var script strings.Builder
	fmt.Fprintf(&script, "workload messages=%d every=2ms heartbeat=5ms\nsettle 30s\n", 20*rounds)
	for i := range rounds {
		fmt.Fprintf(&script, "when receiver receives sender/%d kill receiver for 1ms\n", 20*i+5)
		fmt.Fprintf(&script, "when receiver2 stores sender/%d kill receiver2 for 1ms\n", 20*i+10)
		fmt.Fprintf(&script, "when sender sends sender/%d kill sender for 1ms\n", 20*i+15)
	}
	system, sc := parse(t, script.String())
	variant := hardened()
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1}, live.New(live.Options{}))
	require.True(t, result.AsExpected, "%v", result.Reasons)

	kills := map[string]int{}
	for _, e := range result.Events {
		if e.Kind == history.Kill {
			kills[e.Node]++
		}
	}
	t.Logf("counts %+v", result.Counts)
	require.Equal(t, map[string]int{sender: rounds, "receiver": rounds, "receiver2": rounds}, kills)
}
