package main

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// TestScenariosHoldForEverySeed: a scenario teaches nothing if it shows its
// failure with one seed only. What it expects must come out whatever is drawn.
func TestScenariosHoldForEverySeed(t *testing.T) {
	seeds := uint64(10)
	switch {
	case soak():
		seeds = 200
	case testing.Short():
		seeds = 2
	}
	labs := systems.All()
	c := command{labs: labs, words: world.Vocabulary(labs)}
	for _, name := range scenarios.List() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := c.read(name)
			require.NoError(t, err)
			variants, err := chooseVariants(s, "")
			require.NoError(t, err)
			for _, v := range variants {
				for seed := range seeds {
					seed++
					result := world.Run(context.Background(), s.spec(v, &seed), virtual.New())
					require.True(t, result.AsExpected, "replay it: faultlab run -world virtual -variant %s -seed %d %s\n%v",
						v.Name, seed, name, result.Reasons)
				}
			}
		})
	}
}

// What a script with faults expects to be violated is their doing: without them
// it holds. Else the lesson would be another one.
func TestScenariosBlameTheirFaults(t *testing.T) {
	labs := systems.All()
	c := command{labs: labs, words: world.Vocabulary(labs)}
	for _, name := range scenarios.List() {
		s, err := c.read(name)
		require.NoError(t, err)
		if len(s.Steps) == 0 {
			continue
		}
		bare := *s.Scenario
		bare.Steps = nil
		variants, err := chooseVariants(s, "")
		require.NoError(t, err)
		for _, v := range variants {
			spec := s.spec(v, nil)
			spec.Scenario = &bare
			for _, verdict := range world.Run(context.Background(), spec, virtual.New()).Verdicts {
				blamed := slices.ContainsFunc(s.Expects, func(e scenarios.Expect) bool {
					return e.Variant == v.Name && e.Violates && slices.Contains(e.Properties, verdict.Property)
				})
				require.False(t, blamed && verdict.Outcome == check.Violated, "%s, %s: %s", name, v.Name, verdict.Why)
			}
		}
	}
}
