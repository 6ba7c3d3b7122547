package worldtest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// Live runs a script against a variant in the live world, and requires that the
// run can be trusted. Main must have been told of the lab.
func Live(t testing.TB, system *lab.System, v lab.Variant, script string) world.Result {
	t.Helper()
	result := world.Run(context.Background(), world.Spec{
		System: system, Variant: &v, Scenario: Parse(t, system, script), Seed: 1,
		Explored: true, // a kill may find its node just dead of the one before
	}, live.New(live.Options{}))
	require.Empty(t, result.Record.Problems)
	return result
}

// Kills runs a workload ("readings=10 every=2ms") in the live world, and kills a
// node for 1 ms at each of its moments ("collector stores #8"). The variant must
// keep its promises. How many of the kills hit is for the test to ask.
func Kills(t *testing.T, system *lab.System, v lab.Variant, workload string, moments []string) world.Result {
	t.Helper()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it starts processes and kills them")
	}
	var script strings.Builder
	fmt.Fprintf(&script, "workload %s\nsettle 30s\n", workload)
	for _, moment := range moments {
		node, _, _ := strings.Cut(moment, " ")
		fmt.Fprintf(&script, "when %s kill %s for 1ms\n", moment, node)
	}
	result := Live(t, system, v, script.String())
	t.Logf("counts %+v", result.Counts)
	require.True(t, result.AsExpected, "%v", result.Reasons)
	return result
}
