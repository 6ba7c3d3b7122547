package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/explore"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// The property tests run every registered lab: what a variant promises must
// hold under generated timelines, and what it is known to break must be found
// broken.

// mostFaults is how many faults a generated timeline has at most.
const mostFaults = 6

// eachVariant runs f as a subtest for every variant of every lab.
func eachVariant(t *testing.T, labs lab.Registry, w world.World, f func(*testing.T, explore.Explorer)) {
	words := world.Vocabulary(labs)
	for _, s := range labs.Systems() {
		for i := range s.Variants {
			v := &s.Variants[i]
			t.Run(s.Name+"/"+v.Name, func(t *testing.T) {
				f(t, explore.New(s, v, words, w, 1))
			})
		}
	}
}

// choices lets rapid draw a generated script, and shrink it.
type choices struct{ t *rapid.T }

func (c choices) Int(label string, low, high int) int {
	return rapid.IntRange(low, high).Draw(c.t, label)
}

// TestPropertyPromises: under any timeline a variant keeps what it promises.
func TestPropertyPromises(t *testing.T) { testPromises(t, systems.All()) }

func testPromises(t *testing.T, labs lab.Registry) {
	eachVariant(t, labs, virtual.New(), func(t *testing.T, e explore.Explorer) {
		if len(e.Variant.Promises) == 0 {
			t.Skip("it promises nothing")
		}
		rapid.Check(t, func(rt *rapid.T) {
			s := e.Script(choices{rt}, explore.Options{Faults: mostFaults})
			requireKept(rt, e, s)
		})
	})
}

// requireKept fails with a script and a line that replay what went wrong.
func requireKept(t rapid.TB, e explore.Explorer, s *scenarios.Scenario) {
	result := e.Run(s)
	if !result.AsExpected {
		t.Logf("%s\n%v\nsave this script and replay it: faultlab run -variant %s -world %s -seed %d FILE",
			scenarios.Print(s), result.Reasons, e.Variant.Name, result.Record.World, e.Seed)
		t.Fatalf("a promise was not kept")
	}
}

// TestPropertyBreaks: what a variant is known to break is found, and shrinks to
// at most two faults, in a script that parses and fails again.
func TestPropertyBreaks(t *testing.T) {
	if testing.Short() {
		t.Skip("it searches long, in code that the promises run as well")
	}
	testBreaks(t, systems.All())
}

func testBreaks(t *testing.T, labs lab.Registry) {
	eachVariant(t, labs, virtual.New(), func(t *testing.T, e explore.Explorer) {
		if len(e.Variant.Breaks) == 0 {
			t.Skip("nothing is known to break it")
		}
		for _, property := range e.Variant.Breaks {
			t.Run(property, func(t *testing.T) {
				found, tries := e.Find(property, 500, explore.Options{Faults: mostFaults})
				require.NotNil(t, found, "no script of %d violates %s", tries, property)
				fails := func(s *scenarios.Scenario) bool { return e.Violates(s, property) }
				small, asked := explore.Shrink(found, e.Words, fails)
				text := scenarios.Print(small)
				t.Logf("found by script %d, shrunk with %d runs:\n%s", tries, asked, text)
				require.LessOrEqual(t, len(small.Steps), 2)

				again, err := scenarios.Parse("", "shrunk", text, e.Words)
				require.NoError(t, err)
				result := e.Run(again)
				require.True(t, result.AsExpected, "its replay gives %v", result.Reasons)
				require.True(t, slices.ContainsFunc(result.Verdicts, func(v check.Verdict) bool {
					return v.Property == property && v.Outcome == check.Violated
				}))
			})
		}
	})
}

// TestPropertyLive: some of the same timelines, with real processes.
func TestPropertyLive(t *testing.T) { testLive(t, systems.All()) }

func testLive(t *testing.T, labs lab.Registry) {
	if testing.Short() {
		t.Skip("it starts processes")
	}
	w := live.New(live.Options{})
	eachVariant(t, labs, w, func(t *testing.T, e explore.Explorer) {
		if len(e.Variant.Promises) == 0 {
			t.Skip("it promises nothing")
		}
		for i := range 4 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				seed := explore.Seed(lab.Draw(uint64(i), "live"))
				requireKept(t, e, e.Script(seed, explore.Options{Faults: mostFaults, Live: true}))
			})
		}
	})
}
