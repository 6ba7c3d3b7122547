package explore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// Explorer runs generated scripts against one variant of a lab.
type Explorer struct {
	System  *lab.System
	Variant *lab.Variant
	Words   scenarios.Vocabulary
	World   world.World
	Seed    uint64 // of every run

	known *sync.Map // calm by the text of its workload
}

// New makes an explorer of a variant.
func New(s *lab.System, v *lab.Variant, words scenarios.Vocabulary, w world.World, seed uint64) Explorer {
	return Explorer{System: s, Variant: v, Words: words, World: w, Seed: seed, known: new(sync.Map)}
}

// Run runs a script as a generated one.
func (e Explorer) Run(s *scenarios.Scenario) world.Result {
	return world.Run(context.Background(), world.Spec{
		System: e.System, Variant: e.Variant, Scenario: s, Seed: e.Seed, Explored: true,
	}, e.World)
}

// Violates reports whether a property is violated in a run of s. A run that is
// unknown violates nothing.
func (e Explorer) Violates(s *scenarios.Scenario, property string) bool {
	broken, err := e.violated(s, []string{property})
	return err == nil && len(broken) > 0
}

// violated tells which of some properties a run of s violates. The error is why
// the run says nothing.
func (e Explorer) violated(s *scenarios.Scenario, properties []string) (broken []string, err error) {
	result := e.Run(e.Expecting(s, properties...))
	if problems := result.Record.Problems; len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "; "))
	}
	for _, v := range result.Verdicts {
		if v.Outcome == check.Violated && slices.Contains(properties, v.Property) {
			broken = append(broken, v.Property)
		}
	}
	return broken, nil
}

// Expecting gives the script with one line of expectations: that the variant
// violates these properties.
func (e Explorer) Expecting(s *scenarios.Scenario, properties ...string) *scenarios.Scenario {
	with := *s
	with.Expects = []scenarios.Expect{{Variant: e.Variant.Name, Violates: true, Properties: properties, Count: -1}}
	return &with
}

// Try runs the generated script of that number, and tells which of some
// properties it violates. The error is why its run says nothing.
func (e Explorer) Try(number int, properties []string, opts Options) (s *scenarios.Scenario, violated []string, err error) {
	s = e.Script(Seed(lab.Draw(e.Seed, "script")+uint64(number)), opts)
	violated, err = e.violated(s, properties)
	return s, violated, err
}

// Find tries up to so many generated scripts and returns the first that
// violates the property, with the expect line that says so, and how many it
// took; nil if none did.
func (e Explorer) Find(property string, tries int, opts Options) (*scenarios.Scenario, int) {
	for i := range tries {
		if s, broken, _ := e.Try(i, []string{property}, opts); len(broken) > 0 {
			return e.Expecting(s, property), i + 1
		}
	}
	return nil, tries
}
