package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultlab/reports"
	"faultlab/scenarios"
	"faultlab/sim/explain"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// trip is a script one of whose faults is moved about.
type trip struct {
	script
	step  int // of the fault
	sides []*lab.Variant
	seed  *uint64
}

// tripsOf gives a trip for each script: of the fault in the line that was asked
// for, or else of the first until more is known. Scripts without a fault are
// left out, unless all are.
func tripsOf(scripts []script, o runOptions) ([]trip, error) {
	var all []trip
	for _, s := range scripts {
		step := 0
		if o.fault != 0 {
			step = s.inLine(o.fault)
		}
		switch {
		case step < 0 && len(s.Steps) == 0:
			return nil, fmt.Errorf("-fault %d: %s has no fault", o.fault, s.arg)
		case step < 0:
			return nil, fmt.Errorf("-fault %d: %s has no fault in that line; its faults are in lines %s", o.fault, s.arg, lines(s.Steps))
		}
		sides, err := opposed(s)
		if err != nil {
			return nil, err
		}
		if len(s.Steps) > 0 && len(sides) > 0 {
			all = append(all, trip{script: s, step: step, sides: sides, seed: o.seed})
		}
	}
	if len(all) == 0 {
		return nil, errors.New("-explorable moves a fault about, and no script has one")
	}
	return all, nil
}

func lines(steps []scenarios.Step) string {
	var all []string
	for _, s := range steps {
		all = append(all, fmt.Sprint(s.Pos.Line))
	}
	return strings.Join(all, ", ")
}

// opposed are the variants to compare, of those that the script says something
// about: the first that it expects to fail, and the last, which holds. Where it
// is the last that fails, it is compared with the first.
func opposed(s script) ([]*lab.Variant, error) {
	all, err := chooseVariants(s, "")
	if err != nil || len(all) == 0 {
		return nil, err
	}
	fails, last := all[0], all[len(all)-1]
	for _, e := range s.Expects {
		if v, ok := s.system.Variant(e.Variant); ok && e.Violates && v != last {
			fails = v
			break
		}
	}
	return slices.Compact([]*lab.Variant{fails, last}), nil
}

// decisive is the fault to move if nobody chose one: what broke the variant that
// fails, as far as reruns have shown that, or else the first.
func (t trip) decisive(runs []*reports.Run) int {
	for _, r := range runs {
		if r == nil || !t.ran(r) || r.Record.Variant != t.sides[0].Name {
			continue
		}
		var faults []explain.Fault
		for _, found := range r.Record.Counterfactuals {
			faults = append(faults, found.Without...)
			for _, s := range found.Spares {
				faults = append(faults, s.Fault)
			}
		}
		if len(faults) > 0 {
			return max(0, t.inLine(faults[0].Line))
		}
	}
	return 0
}

// ran reports whether a run is one of this script in the virtual world.
func (t trip) ran(r *reports.Run) bool { return r.Script == t.arg && r.Record.World == "virtual" }

// inLine finds the fault in a line of the script; -1: there is none.
func (s script) inLine(line int) int {
	return slices.IndexFunc(s.Steps, func(st scenarios.Step) bool { return st.Pos.Line == line })
}

// moved is the script with the fault at a time of the clock.
func (t trip) moved(at time.Duration) script {
	sc := *t.Scenario
	sc.Steps = slices.Clone(sc.Steps)
	s := &sc.Steps[t.step]
	s.When, s.Every, s.Times, s.At = nil, 0, 0, at
	moved := t.script
	moved.Scenario, moved.text = &sc, scenarios.Print(&sc)
	return moved
}

// job is a run of it. A fault that meets nothing there is a finding.
func (t trip) job(s script, v *lab.Variant) job {
	spec := s.spec(v, t.seed)
	spec.Explored = true
	return job{script: s, spec: spec, world: "virtual"}
}

// times tells when the fault first came into force in a run, and when the last
// message was sent before all was healed, in µs; -1 if never. How long it took
// until all was healed tells less: a client that waits for ever makes it long,
// and there is nothing to hit in it.
func (t trip) times(r world.Result) (at, end int64) {
	at = -1
	var uses []string
	if t.step < len(r.Record.Faults) { // else the run broke before it began
		uses = r.Record.Faults[t.step].Uses
	}
	for _, e := range r.Events {
		switch {
		case e.Kind == history.Fault && at < 0 && slices.Contains(uses, e.ID):
			at = e.T / 1000
		case e.Kind == history.Send, e.Kind == history.Invoke:
			end = e.T / 1000
		case e.Kind == history.Heal && e.Op == history.HealAll:
			return at, end
		}
	}
	return at, end
}
