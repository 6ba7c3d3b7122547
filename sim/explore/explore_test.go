package explore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/explore"
)

// choices lets rapid draw a script.
type choices struct{ t *rapid.T }

func (c choices) Int(label string, low, high int) int {
	return rapid.IntRange(low, high).Draw(c.t, label)
}

// Whatever is drawn, its text is canonical and means the same script.
func TestScriptsAreCanonical(t *testing.T) {
	e := explorer()
	rapid.Check(t, func(t *rapid.T) {
		live := rapid.Bool().Draw(t, "live")
		s := e.Script(choices{t}, explore.Options{Faults: 6, Live: live})
		text := scenarios.Print(s)
		again, err := scenarios.Parse("", "generated", text, e.Words)
		require.NoError(t, err)
		require.Equal(t, string(text), string(scenarios.Print(again)))
		require.Equal(t, s.Params, again.Params)
		require.Len(t, again.Steps, len(s.Steps))
		require.LessOrEqual(t, len(s.Steps), 6)
		if live {
			require.Empty(t, s.World)
			require.NotContains(t, string(text), "powercut")
		}
	})
}

// Over some hundred scripts every fault and every sort of moment comes up.
func TestScriptsUseTheWholeLanguage(t *testing.T) {
	e := withBoard()
	faults, moments, workloads := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range 400 {
		s := e.Script(explore.Seed(i), explore.Options{Faults: 6, Least: 1})
		workloads[fmt.Sprint(s.Params.Text())] = true
		for _, step := range s.Steps {
			faults[step.Fault.Name] = true
			switch {
			case step.When != nil:
				moments[step.When.Verb] = true
			case step.Every > 0:
				moments["every"] = true
			default:
				moments["at"] = true
			}
		}
	}
	for _, w := range e.Words.Faults {
		require.True(t, faults[w.Name], w.Name)
	}
	for _, m := range []string{"at", "every", "sends", "stores", "starts"} {
		require.True(t, moments[m], m)
	}
	require.False(t, moments["receives"], "this lab records none, and no trigger should wait for one")
	require.Len(t, workloads, 4)
}

func TestASeedGivesTheSameScript(t *testing.T) {
	e := explorer()
	text := func(seed explore.Seed) string {
		return string(scenarios.Print(e.Script(seed, explore.Options{Faults: 6, Least: 3})))
	}
	require.Equal(t, text(7), text(7))
	require.NotEqual(t, text(7), text(8))
}

// What is found is a script that replays: its own expect line says what it
// shows, and it shrinks to the one fault that matters.
func TestFindAndShrink(t *testing.T) {
	e := explorer()
	found, tries := e.Find("no-duplicates", 200, explore.Options{Faults: 6})
	require.NotNil(t, found, "none of %d", tries)
	small, asked := explore.Shrink(found, e.Words, func(s *scenarios.Scenario) bool { return e.Violates(s, "no-duplicates") })
	require.Positive(t, asked)
	require.Len(t, small.Steps, 1, "%s", scenarios.Print(small))

	again, err := scenarios.Parse("", "shrunk", scenarios.Print(small), e.Words)
	require.NoError(t, err)
	result := e.Run(again)
	require.Equal(t, check.Violated, result.Outcome)
	require.True(t, result.AsExpected, result.Reasons)
}

func TestFindGivesUp(t *testing.T) {
	found, tries := explorer().Find("no-duplicates", 5, explore.Options{}) // without faults it holds
	require.Nil(t, found)
	require.Equal(t, 5, tries)
}

func script(t require.TestingT, e explore.Explorer, text string) *scenarios.Scenario {
	s, err := scenarios.Parse("", "test", []byte(text), e.Words)
	require.NoError(t, err)
	return s
}

func TestShrinkTakesAwayAllThatDoesNotMatter(t *testing.T) {
	e := explorer()
	big := script(t, e, `system shop
world virtual
workload orders=10 every=5ms
at 12.345ms latency client->till upstream latency=5ms jitter=1ms for 20ms
when client sends #7 kill till for 3ms
every 20ms times 3 pause till for 5ms
at 1.234567s reset_peer client->till timeout=30ms for 100ms
when till stores #12 overload till for 20ms
`)
	for _, tc := range []struct {
		name  string
		fails func(*scenarios.Scenario) bool
		want  string
	}{
		{"nothing matters", func(*scenarios.Scenario) bool { return true }, "system shop\nworld virtual\n"},
		{"one fault", func(s *scenarios.Scenario) bool {
			return slices.ContainsFunc(s.Steps, func(s scenarios.Step) bool { return s.Fault.Name == "reset_peer" })
		}, "system shop\nworld virtual\n\nat 0s  reset_peer client->till\n"},
		{"the third of a fault", func(s *scenarios.Scenario) bool {
			return slices.ContainsFunc(s.Steps, func(s scenarios.Step) bool { return s.When != nil && s.When.Count >= 3 && s.Fault.Name == "kill" })
		}, "system shop\nworld virtual\n\nwhen client sends #3  kill till\n"},
		{"two faults", func(s *scenarios.Scenario) bool {
			return len(s.Steps) >= 2 && s.Steps[0].Fault.Name == "latency"
		}, "system shop\nworld virtual\n\nat 0s  latency client->till latency=5ms\nwhen till stores  overload till\n"},
		{"orders", func(s *scenarios.Scenario) bool { return s.Params.Int("orders") >= 4 && len(s.Workload) == 2 }, "system shop\nworkload orders=4 every=5ms\nworld virtual\n"},
		{"everything", func(s *scenarios.Scenario) bool { return false }, string(scenarios.Print(big))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			small, _ := explore.Shrink(big, e.Words, tc.fails)
			require.Equal(t, strings.Fields(tc.want), strings.Fields(string(scenarios.Print(small))))
		})
	}
}

// Shrink never returns what does not fail, whatever failing depends on.
func TestShrinkReturnsOnlyWhatFails(t *testing.T) {
	e := explorer()
	rapid.Check(t, func(t *rapid.T) {
		s := e.Script(choices{t}, explore.Options{Faults: 6})
		lines := rapid.IntRange(0, len(s.Steps)).Draw(t, "lines that matter")
		letters := rapid.IntRange(0, len(scenarios.Print(s))).Draw(t, "letters that matter")
		fails := func(s *scenarios.Scenario) bool { return len(s.Steps) >= lines && len(scenarios.Print(s)) >= letters }
		before := string(scenarios.Print(s))
		small, asked := explore.Shrink(s, e.Words, fails)
		require.True(t, fails(small))
		require.Equal(t, before, string(scenarios.Print(s)), "the script that it was given is another now")
		require.Less(t, asked, 20_000)
		again, _ := explore.Shrink(small, e.Words, fails)
		require.Equal(t, string(scenarios.Print(small)), string(scenarios.Print(again)), "it could have been smaller")
	})
}
