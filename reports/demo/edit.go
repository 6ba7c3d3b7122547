package demo

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"faultlab/scenarios"
)

// edit is one change of a script, made with the pointer or the keys. It says
// what is to be, not by how much: a drag sends many, each against the script
// that it began with.
type edit struct {
	// Step is the fault that is meant, by its place among those of the script.
	Step int `json:"step"`
	// At, in µs, is when it is to begin. One that waited for an event goes by
	// the clock from then on.
	At *int64 `json:"at"`
	// For, in µs, is how long it is to last; 0 is until the end.
	For    *int64 `json:"for"`
	Remove bool   `json:"remove"`
	// Add is a line to add behind the last fault.
	Add string `json:"add"`
	// Set are parameters of the workload; an empty value is the default.
	Set map[string]string `json:"set"`
}

// apply makes the change and gives the new text. The lines that it does not
// touch say what they said.
func (e edit) apply(sc *scenarios.Scenario) (text string, err error) {
	sc.Steps = slices.Clone(sc.Steps)
	if e.At != nil || e.For != nil || e.Remove {
		if e.Step < 0 || e.Step >= len(sc.Steps) {
			return "", fmt.Errorf("the script has no fault number %d", e.Step)
		}
	}
	switch {
	case e.Remove:
		sc.Steps = slices.Delete(sc.Steps, e.Step, e.Step+1)
	case e.At != nil || e.For != nil:
		e.move(&sc.Steps[e.Step])
	}
	sc.Workload = slices.Clone(sc.Workload)
	for _, name := range slices.Sorted(maps.Keys(e.Set)) {
		set(sc, name, e.Set[name])
	}
	text = string(scenarios.Print(sc))
	if e.Add != "" {
		text += "\n" + e.Add + "\n"
	}
	return text, nil
}

func (e edit) move(s *scenarios.Step) {
	if e.For != nil {
		s.Fault.For = micros(*e.For)
	}
	if e.At == nil {
		return
	}
	s.When, s.Every, s.Times = nil, 0, 0
	s.At = micros(*e.At)
}

// set gives a parameter of the workload a value; an empty one is its default.
func set(sc *scenarios.Scenario, name, value string) {
	i := slices.IndexFunc(sc.Workload, func(a scenarios.Assign) bool { return a.Name == name })
	switch {
	case i >= 0 && value == "":
		sc.Workload = slices.Delete(sc.Workload, i, i+1)
	case i >= 0:
		sc.Workload[i].Value = value
	case value != "":
		sc.Workload = append(sc.Workload, scenarios.Assign{Name: name, Value: value})
	}
}

// micros is a time of the page's. The page rounds to what a person would write;
// a fault that is to hit one message is not dragged by less than that.
func micros(n int64) time.Duration { return max(0, time.Duration(n)*time.Microsecond) }
