package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports/demo"
	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// TestTours holds what the tours say against the labs: their scripts are run,
// and every verdict that a step speaks of must come of it.
func TestTours(t *testing.T) {
	tours, err := demo.Tours()
	require.NoError(t, err)
	labs := systems.All()
	about := map[string]bool{}
	for _, tour := range tours {
		about[tour.Lab] = true
		require.NotEmpty(t, tour.Title, tour.Name)
		for i, step := range tour.Steps {
			t.Run(fmt.Sprintf("%s/%d", tour.Name, i+1), func(t *testing.T) {
				require.NotEmpty(t, step.Title)
				require.NotEmpty(t, step.Text)
				if len(step.Choices) > 0 || step.Question != "" {
					require.Greater(t, len(step.Choices), 1)
					require.Less(t, step.Right, len(step.Choices))
					require.NotEmpty(t, step.Question)
					require.NotEmpty(t, step.Reveal)
				}
				s := tourScript(t, tour, i)
				if tour.Lab != "" {
					require.Equal(t, tour.Lab, s.System)
				}
				for variant, claims := range step.Claims {
					v, ok := s.system.Variant(variant)
					require.True(t, ok, variant)
					result := world.Run(t.Context(), s.spec(v, nil), virtual.New())
					require.Empty(t, result.Record.Problems)
					run := check.New(result.Events, result.Record.Facts())
					for property, outcome := range claims {
						c, ok := check.Lookup(property)
						require.True(t, ok, property)
						verdict := c.Judge(run)
						require.Equal(t, outcome, string(verdict.Outcome), "%s %s: %s", variant, property, verdict.Why)
					}
				}
			})
		}
	}
	require.True(t, about[""], "a tour goes through the failures of all labs")
	for _, name := range labs.Names() {
		require.True(t, about[name], "lab %s has no tour in reports/demo/tours", name)
	}
}

// tourScript is what a step runs.
func tourScript(t *testing.T, tour demo.Tour, step int) script {
	t.Helper()
	name := ""
	for i := step; i >= 0 && name == ""; i-- {
		name = tour.Steps[i].Scenario
	}
	require.Contains(t, scenarios.List(), name)
	labs := systems.All()
	c := command{labs: labs, words: world.Vocabulary(labs)}
	s, err := c.read(name)
	require.NoError(t, err)
	text := string(s.text)
	for _, swap := range tour.Steps[step].Swap {
		require.Equal(t, 1, strings.Count(text, swap.Old), "%q", swap.Old)
		text = strings.Replace(text, swap.Old, swap.New, 1)
	}
	s, err = parseScript(s.arg, s.arg, []byte(text), labs, c.words)
	require.NoError(t, err)
	return s
}
