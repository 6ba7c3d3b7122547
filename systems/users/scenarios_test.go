package users

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// A scenario teaches nothing if it shows its failure with one seed only: what
// it expects must come out whatever is drawn.
func TestScenariosHoldForEverySeed(t *testing.T) {
	seeds := uint64(20)
	if soak() {
		seeds = 200
	}
	files, err := fs.Glob(scenarios.Embedded(), "users/*"+scenarios.Ext)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	system := System()
	for _, file := range files {
		t.Run(path.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := fs.ReadFile(scenarios.Embedded(), file)
			require.NoError(t, err)
			sc, err := script(file, string(text))
			require.NoError(t, err)
			for i := range system.Variants {
				v := &system.Variants[i]
				if !slices.ContainsFunc(sc.Expects, func(e scenarios.Expect) bool { return e.Variant == v.Name }) {
					continue // nothing would be judged
				}
				for seed := range seeds {
					result := world.Run(context.Background(), world.Spec{System: system, Variant: v, Scenario: sc, Seed: seed + 1}, virtual.New())
					require.True(t, result.AsExpected, "replay it: faultlab run -world virtual -variant %s -seed %d %s\n%v", v.Name, seed+1, file, result.Reasons)
				}
			}
		})
	}
}
