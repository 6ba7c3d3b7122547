package explore

import (
	"slices"

	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// Causes finds out which faults it took that a run violated what it did: the
// script is run again without any fault, without each, and against the variant
// that promises what this one broke. It gives one finding for each property
// that first violates, in the order of its verdicts.
//
// first must be a run of e.Variant, in the virtual world, with e.Seed. Leaving
// out a fault leaves all else; that a trigger then waits in vain is no matter.
// One rerun serves all properties: a script of n faults takes n+1 at most, and
// one of each variant that promises something, by means of other.
func (e Explorer) Causes(s *scenarios.Scenario, first world.Result, other func(*lab.Variant) world.Result) []explain.Counterfactual {
	var found []explain.Counterfactual
	for _, v := range first.Verdicts {
		if v.Outcome == check.Violated {
			found = append(found, explain.Counterfactual{Property: v.Property, Reproduced: true})
		}
	}
	if len(found) == 0 || first.Outcome == check.Unknown {
		return nil
	}
	e.blame(s, first, found)
	e.remedy(first, found, other)
	return found
}

// blame fills in which faults matter.
func (e Explorer) blame(s *scenarios.Scenario, first world.Result, found []explain.Counterfactual) {
	if len(s.Steps) == 0 {
		return
	}
	calm := e.Run(without(s, func(int) bool { return false }))
	worth := false // to look at single faults: without all, some message is spared
	for i := range found {
		found[i].Needed = holds(calm, found[i].Property)
		worth = worth || len(spared(first, calm, found[i].Property)) > 0
	}
	for step := 0; worth && step < len(s.Steps); step++ {
		rest := calm
		if len(s.Steps) > 1 {
			rest = e.Run(without(s, func(i int) bool { return i != step }))
		}
		report := first.Record.Faults[step]
		fault := explain.Fault{Line: report.Line, Text: s.Steps[step].Fault.String(), Uses: report.Uses}
		for i := range found {
			f := &found[i]
			if f.Needed && holds(rest, f.Property) {
				f.Without = append(f.Without, fault)
			} else if names := spared(first, rest, f.Property); len(names) > 0 {
				f.Spares = append(f.Spares, explain.Spare{Fault: fault, Messages: names})
			}
		}
	}
	for i := range found {
		if len(found[i].Without) > 0 {
			found[i].Spares = nil // what makes all hold says more
		}
	}
}

// spared names the messages that violate a property in the first run and not in
// the other.
func spared(first, other world.Result, property string) []string {
	if len(other.Record.Problems) > 0 {
		return nil
	}
	var names []string
	still := violating(other, property)
	for _, name := range violating(first, property) {
		if !slices.Contains(still, name) {
			names = append(names, name)
		}
	}
	return names
}

// violating names the messages that violate a property.
func violating(r world.Result, property string) []string {
	var names []string
	for _, v := range r.Verdicts {
		if v.Property == property && v.Outcome == check.Violated {
			for _, m := range v.Messages {
				names = append(names, explain.Name(m))
			}
		}
	}
	return names
}

// without keeps some of a script's steps.
func without(s *scenarios.Scenario, keep func(step int) bool) *scenarios.Scenario {
	with := *s
	with.Steps = nil
	for i, step := range s.Steps {
		if keep(i) {
			with.Steps = append(with.Steps, step)
		}
	}
	return &with
}

// holds reports whether a run holds a property. One that had nothing to put it
// to the test, as fail-honest where nothing failed, holds it as well.
func holds(r world.Result, property string) bool {
	return len(r.Record.Problems) == 0 && slices.ContainsFunc(r.Verdicts, func(v check.Verdict) bool {
		return v.Property == property && (v.Outcome == check.Holds || v.Idle)
	})
}

// remedy fills in what a variant that promises the property does at the point
// where this one failed. One that broke it as well has none to show.
func (e Explorer) remedy(first world.Result, found []explain.Counterfactual, other func(*lab.Variant) world.Result) {
	failed := explain.Open(first.Events, first.Record.Facts())
	for i := range found {
		f := &found[i]
		v := e.promising(f.Property)
		if v == nil {
			continue
		}
		r := other(v)
		if !holds(r, f.Property) {
			continue
		}
		verdict := first.Verdicts[slices.IndexFunc(first.Verdicts, func(v check.Verdict) bool { return v.Property == f.Property })]
		f.Remedy = v.Name + ": " + explain.Open(r.Events, r.Record.Facts()).Remedy(failed.Violation(verdict, f), v.Summary)
	}
}

// promising finds the variant that promises a property; nil: none but the one
// that is explored, or none.
func (e Explorer) promising(property string) *lab.Variant {
	i := slices.IndexFunc(e.System.Variants, func(v lab.Variant) bool {
		return v.Name != e.Variant.Name && slices.Contains(v.Promises, property)
	})
	if i < 0 {
		return nil
	}
	return &e.System.Variants[i]
}
