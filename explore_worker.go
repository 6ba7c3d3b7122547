package main

import (
	"fmt"

	"faultlab/scenarios"
	"faultlab/sim/explore"
)

// search asks a worker for a timeline.
type search struct {
	Lab        string   `json:"lab"`
	Number     int      `json:"number"` // of the timeline
	Faults     int      `json:"faults"` // at most
	Properties []string `json:"properties"`
	// Shrink asks for the smallest script that still violates the one property.
	Shrink bool `json:"shrink,omitempty"`
}

// sighting is the answer.
type sighting struct {
	Violated []string `json:"violated,omitempty"`
	Problem  string   `json:"problem,omitempty"` // why its run says nothing
	Text     string   `json:"text,omitempty"`    // the script that was made small
	Asked    int      `json:"asked,omitempty"`   // how many runs that took
}

// explorer is that of a lab's variant. It is kept from one order to the next,
// for it knows how each workload goes without faults.
func (w *worker) explorer(o order) explore.Explorer {
	of := fmt.Sprint(o.Search.Lab, o.Variant, o.Seed)
	if e, known := w.explorers[of]; known {
		return e
	}
	system, ok := w.labs.Lookup(o.Search.Lab)
	if !ok {
		stop("no lab %q", o.Search.Lab)
	}
	variant, ok := system.Variant(o.Variant)
	if !ok {
		stop("no variant %q of lab %s", o.Variant, o.Search.Lab)
	}
	w.explorers[of] = explore.New(system, variant, w.words, w.world, o.Seed)
	return w.explorers[of]
}

// search carries out a search.
func (w *worker) search(o order) sighting {
	e := w.explorer(o)
	s, violated, err := e.Try(o.Search.Number, o.Search.Properties, explore.Options{Faults: o.Search.Faults})
	if err != nil {
		return sighting{Problem: err.Error()}
	}
	if !o.Search.Shrink || len(violated) == 0 {
		return sighting{Violated: violated}
	}
	property := violated[0]
	small, asked := explore.Shrink(e.Expecting(s, property), e.Words, func(s *scenarios.Scenario) bool { return e.Violates(s, property) })
	small.Story = []string{fmt.Sprintf("Timeline %d of seed %d, made smaller.", o.Search.Number, o.Seed)}
	if o.Seed != 1 {
		small.Seed = &o.Seed
	}
	return sighting{Violated: violated, Text: string(scenarios.Print(small)), Asked: asked}
}
