package reports

import (
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/explain"
)

// Explain tells the stories of the run, from its record and its events: one of
// each property that was violated or, if all hold, one of the message that a
// fault put in danger.
func (r *Run) Explain() {
	c := explain.Open(r.Events, r.Record.Facts())
	r.Stories = nil
	for _, v := range r.Verdicts {
		if v.Outcome == check.Violated {
			r.Stories = append(r.Stories, c.Violation(v, r.counterfactual(v.Property)))
		}
	}
	if r.Outcome == check.Holds {
		if s, ok := c.Danger(); ok {
			r.Stories = append(r.Stories, s)
		}
	}
	r.diagrams = nil
	for _, s := range r.Stories {
		r.diagrams = append(r.diagrams, mermaid(c, s))
	}
}

// counterfactual finds what reruns showed about a property; nil: there were
// none.
func (r *Run) counterfactual(property string) *explain.Counterfactual {
	found := r.Record.Counterfactuals
	i := slices.IndexFunc(found, func(f explain.Counterfactual) bool { return f.Property == property })
	if i < 0 {
		return nil
	}
	return &found[i]
}
