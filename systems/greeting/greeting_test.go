package greeting

import (
	"context"
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

func TestANameTellsWhatItAsksFor(t *testing.T) {
	system := System()
	params, err := system.Params.Parse(map[string]string{"clients": "4"})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, n := range system.Nodes(params) {
		if !n.Client {
			continue
		}
		for _, seq := range []int64{1, 12} {
			source, name := typedAt(n.Name, seq)
			require.Equal(t, history.Event{Source: source, Seq: seq, ID: name, Value: name}, asked(name))
			require.False(t, seen[name], "%s is typed twice", name)
			seen[name] = true
		}
	}
	for _, nobody := range []string{"", "Anouk", "Anouk-", "Eve-1", "goroutine 1 [running]:"} {
		require.Equal(t, history.Event{ID: nobody, Value: nobody}, asked(nobody))
	}
}

// What a scenario expects must come out whatever is drawn.
func TestScenariosHoldForEverySeed(t *testing.T) {
	system := System()
	words := world.Vocabulary(lab.Register(system))
	files, err := fs.Glob(scenarios.Embedded(), "greeting/*"+scenarios.Ext)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(path.Base(file), func(t *testing.T) {
			text, err := fs.ReadFile(scenarios.Embedded(), file)
			require.NoError(t, err)
			sc, err := scenarios.Parse(file, file, text, words)
			require.NoError(t, err)
			for i := range system.Variants {
				v := &system.Variants[i]
				for seed := range uint64(20) {
					result := world.Run(context.Background(), world.Spec{System: system, Variant: v, Scenario: sc, Seed: seed + 1}, virtual.New())
					require.True(t, result.AsExpected, "replay it: faultlab run -world virtual -variant %s -seed %d %s\n%v", v.Name, seed+1, file, result.Reasons)
				}
			}
		})
	}
}
