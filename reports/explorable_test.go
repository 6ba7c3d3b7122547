package reports

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports/page"
	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// What the script expects of its fault it expects of it in its place: elsewhere
// a violation is none as expected, and that it fails to come no surprise.
func TestSideExpectsNothing(t *testing.T) {
	rec := world.Record{
		Lab: "sensor", Variant: "original", World: "virtual", Faults: []world.FaultReport{{Fault: "kill", Effect: "the node was up"}},
		Expects: []world.Expectation{{Property: check.NoDuplicates, Violated: true, Count: 4}},
	}
	events := []history.Event{
		{T: 1, Node: "sensor", Kind: history.Invoke, Op: "log", Source: "paul", Seq: 1, Value: "a"},
		{T: 2, Node: "sensor", Kind: history.OK, Op: "log", Source: "paul", Seq: 1, Value: "a"},
		{T: 3, Node: "collector", Kind: history.Final, Source: "paul", Seq: 1, Value: "a"},
	}
	s := SideOf(world.Result{Record: rec, Events: events}, 0)
	require.Equal(t, check.Holds, s.Outcome)
	require.Equal(t, "holds no-duplicates", s.Finding)
	require.Equal(t, "the node was up", s.Effect)

	events = append(events, history.Event{T: 4, Node: "collector", Kind: history.Final, Source: "paul", Seq: 1, Value: "a"})
	s = SideOf(world.Result{Record: rec, Events: events}, 0)
	require.Equal(t, check.Violated, s.Outcome)
	require.Equal(t, "violates no-duplicates (1)", s.Finding)
}

// Saved, read back and shown again the outcomes are the same; damage to them is
// told, since a slider that does not move would look like a fault that does no
// harm.
func TestExplorableIsKept(t *testing.T) {
	_, folders, saved := savedRuns(t)
	e := page.Explorable{Fault: "kill collector", Variants: []string{"original"}, Span: 9, Positions: []page.Position{
		{At: 3, Scripted: true, Sides: []page.Side{{Outcome: check.Holds, Finding: "holds a < b"}}},
	}}
	require.NoError(t, SaveExplorable(folders[0], e))
	back, err := loadExplorable(folders[0])
	require.NoError(t, err)
	require.Equal(t, &e, back)
	require.NoError(t, Pages(folders, saved))
	first := readPages(t, folders)
	require.Contains(t, first[0], "Move the fault")
	require.NotContains(t, first[1], "Move the fault")
	require.NoError(t, Pages(folders, saved))
	require.Equal(t, first, readPages(t, folders))

	for _, damage := range []string{`{"fault": "ki`, `{"fault": "kill", "variants": ["original"], "positions": [{"at": 3}]}`} {
		require.NoError(t, os.WriteFile(filepath.Join(folders[0], explorableFile), []byte(damage), 0o644))
		require.ErrorContains(t, Pages(folders, saved), "-explorable again")
	}
}
