package main

import (
	"context"
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/world"
)

// explain has the worker find out which faults it took that a run violated what
// it did, and notes it in the record. It asks the virtual world about live runs
// as well: only there does the rest stay as it was when a fault is left out.
//
// A worker that dies over it costs the proof and not the run.
func (p *place) explain(ctx context.Context, j job, result *world.Result) {
	var broken []string
	for _, v := range result.Verdicts {
		if v.Outcome == check.Violated {
			broken = append(broken, v.Property)
		}
	}
	if len(broken) == 0 || result.Outcome == check.Unknown {
		return
	}
	o := p.orderFor(j)
	o.Causes = true
	var found []explain.Counterfactual
	if err := p.ask(ctx, o, &found); err != nil {
		return
	}
	for _, property := range broken {
		result.Record.Counterfactuals = append(result.Record.Counterfactuals, findingOn(property, found, result.Record))
	}
}

// findingOn gives what was found about a property, in terms of the run's own
// history: its faults came into force in another order, perhaps.
func findingOn(property string, found []explain.Counterfactual, rec world.Record) explain.Counterfactual {
	i := slices.IndexFunc(found, func(f explain.Counterfactual) bool { return f.Property == property })
	if i < 0 {
		return explain.Counterfactual{Property: property}
	}
	f := found[i]
	for k := range f.Without {
		adopt(&f.Without[k], rec)
	}
	for k := range f.Spares {
		adopt(&f.Spares[k].Fault, rec)
	}
	return f
}

// adopt gives a fault the uses that it had in a run.
func adopt(f *explain.Fault, rec world.Record) {
	for _, report := range rec.Faults {
		if report.Line == f.Line {
			f.Uses = report.Uses
		}
	}
}
