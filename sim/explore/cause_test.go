package explore_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/explain"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// causes runs a script of the shop and asks which of its faults it took.
func causes(t *testing.T, text string) (world.Result, []explain.Counterfactual) {
	t.Helper()
	e := explorer()
	s, err := scenarios.Parse("", "test", []byte("system shop\n\n"+text+"\nexpect original violates no-duplicates\n"), e.Words)
	require.NoError(t, err)
	run := func(v *lab.Variant) world.Result {
		return world.Run(context.Background(), world.Spec{System: e.System, Variant: v, Scenario: s, Seed: e.Seed}, e.World)
	}
	first := run(e.Variant)
	require.Empty(t, first.Record.Problems)
	return first, e.Causes(s, first, run)
}

const lostAnswer = "reset_peer client->till downstream for 5ms"

func TestCauses(t *testing.T) {
	t.Run("one fault", func(t *testing.T) {
		_, found := causes(t, "when till stores #2  "+lostAnswer+"\n")
		require.Equal(t, []explain.Counterfactual{{
			Property: "no-duplicates", Reproduced: true, Needed: true,
			Without: []explain.Fault{{Line: 3, Text: lostAnswer, Uses: []string{"1"}}},
		}}, found)
	})
	t.Run("and a harmless one", func(t *testing.T) {
		_, found := causes(t, "at 0s  latency client->till latency=1ms\nwhen till stores #2  "+lostAnswer+"\n")
		require.Len(t, found, 1)
		require.Equal(t, []explain.Fault{{Line: 4, Text: lostAnswer, Uses: []string{"2"}}}, found[0].Without)
	})
	// Each costs one message: without either, no-duplicates is violated still.
	t.Run("one for each of two messages", func(t *testing.T) {
		first, found := causes(t, "when till stores \"2\"  "+lostAnswer+"\nwhen till stores \"6\"  "+lostAnswer+"\n")
		require.Len(t, found, 1)
		require.True(t, found[0].Needed)
		require.Empty(t, found[0].Without)
		require.Len(t, found[0].Spares, 2)
		require.Len(t, first.Verdicts[0].Messages, 2)
		for i, m := range first.Verdicts[0].Messages {
			require.Equal(t, []string{explain.Name(m)}, found[0].Spares[i].Messages)
			require.Equal(t, 3+i, found[0].Spares[i].Line)
		}
	})
	// A fault that comes back is one fault: it is left out as a whole.
	t.Run("one that comes back", func(t *testing.T) {
		_, found := causes(t, "every 22ms times 3  "+lostAnswer+"\n")
		require.Len(t, found, 1)
		require.Len(t, found[0].Without, 1)
		require.Equal(t, []string{"1", "2", "3"}, found[0].Without[0].Uses)
	})
	t.Run("nothing is violated", func(t *testing.T) {
		_, found := causes(t, "at 0s  latency client->till latency=1ms\n")
		require.Empty(t, found)
	})
}
