package explore

import (
	"context"
	"slices"
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
	result := e.Run(e.expecting(s, property))
	return result.Outcome != check.Unknown && slices.ContainsFunc(result.Verdicts, func(v check.Verdict) bool {
		return v.Property == property && v.Outcome == check.Violated
	})
}

// expecting adds the line that makes the property judged.
func (e Explorer) expecting(s *scenarios.Scenario, property string) *scenarios.Scenario {
	with := *s
	with.Expects = []scenarios.Expect{{Variant: e.Variant.Name, Violates: true, Properties: []string{property}, Count: -1}}
	return &with
}

// Find tries up to so many generated scripts and returns the first that
// violates the property, with the expect line that says so, and how many it
// took; nil if none did.
func (e Explorer) Find(property string, tries int, opts Options) (*scenarios.Scenario, int) {
	for i := range tries {
		s := e.Script(Seed(lab.Draw(e.Seed, "script")+uint64(i)), opts)
		if e.Violates(s, property) {
			return e.expecting(s, property), i + 1
		}
	}
	return nil, tries
}
