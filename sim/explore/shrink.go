package explore

import (
	"slices"
	"strconv"
	"time"

	"faultlab/scenarios"
)

// Shrink makes a script smaller as long as fails says that it still fails, and
// returns the smallest that it found and how often it asked. It takes away
// whole faults first, then makes the workload smaller, then each fault
// simpler. The script must fail to begin with.
func Shrink(s *scenarios.Scenario, voc scenarios.Vocabulary, fails func(*scenarios.Scenario) bool) (*scenarios.Scenario, int) {
	asked := 0
	// again reads a changed script anew, so that it is valid and its values are
	// those of its text.
	again := func(changed scenarios.Scenario) *scenarios.Scenario {
		parsed, err := scenarios.Parse(s.Name, "shrunk", scenarios.Print(&changed), voc)
		if err != nil {
			return nil
		}
		return parsed
	}
	for {
		smaller := false
		for _, change := range changes(s) {
			candidate := *s
			candidate.Steps = slices.Clone(s.Steps)
			candidate.Workload = slices.Clone(s.Workload)
			change(&candidate)
			next := again(candidate)
			if next == nil || string(scenarios.Print(next)) == string(scenarios.Print(s)) {
				continue
			}
			asked++
			if fails(next) {
				s, smaller = next, true
				break
			}
		}
		if !smaller {
			return s, asked
		}
	}
}

// changes lists what could make a script smaller, the boldest first.
func changes(s *scenarios.Scenario) []func(*scenarios.Scenario) {
	var list []func(*scenarios.Scenario)
	for n := len(s.Steps); n > 0; n /= 2 {
		for from := 0; from < len(s.Steps); from += n {
			list = append(list, func(s *scenarios.Scenario) {
				s.Steps = slices.Delete(s.Steps, from, min(from+n, len(s.Steps)))
			})
		}
	}
	for i := range s.Workload {
		list = append(list, workloadChanges(s, i)...)
	}
	for i := range s.Steps {
		list = append(list, stepChanges(&s.Steps[i], i)...)
	}
	return list
}

// workloadChanges leave a parameter at its default, or lower a number.
func workloadChanges(s *scenarios.Scenario, i int) []func(*scenarios.Scenario) {
	set := func(value string) func(*scenarios.Scenario) {
		return func(s *scenarios.Scenario) { s.Workload[i].Value = value }
	}
	list := []func(*scenarios.Scenario){
		func(s *scenarios.Scenario) { s.Workload = slices.Delete(s.Workload, i, i+1) },
	}
	for _, lower := range lowerNumbers(s.Workload[i].Value) {
		list = append(list, set(lower))
	}
	return list
}

// stepChanges make one fault simpler: no repetition, a lower count, the start
// of the run, no attribute, both directions, a rounder time.
func stepChanges(step *scenarios.Step, i int) []func(*scenarios.Scenario) {
	var list []func(*scenarios.Scenario)
	change := func(f func(*scenarios.Step)) {
		list = append(list, func(s *scenarios.Scenario) { f(&s.Steps[i]) })
	}
	switch {
	case step.Every > 0:
		change(func(s *scenarios.Step) { s.At, s.Every, s.Times = s.Every, 0, 0 })
		for times := 1; times < step.Times; times++ {
			change(func(s *scenarios.Step) { s.Times = times })
		}
	case step.When != nil:
		for _, count := range []int{1, step.When.Count / 2, step.When.Count - 1} {
			if count > 0 && count < step.When.Count {
				change(func(s *scenarios.Step) {
					when := *s.When
					when.Count = count
					s.When = &when
				})
			}
		}
	default:
		for _, at := range rounder(step.At) {
			change(func(s *scenarios.Step) { s.At = at })
		}
	}
	for a := range step.Fault.Attrs {
		change(func(s *scenarios.Step) {
			s.Fault.Attrs = slices.Delete(slices.Clone(s.Fault.Attrs), a, a+1)
		})
	}
	if step.Fault.Direction != "" {
		change(func(s *scenarios.Step) { s.Fault.Direction = "" })
	}
	if step.Fault.For != 0 {
		change(func(s *scenarios.Step) { s.Fault.For = 0 })
	}
	for _, d := range rounder(step.Fault.For) {
		if d > 0 {
			change(func(s *scenarios.Step) { s.Fault.For = d })
		}
	}
	return list
}

// rounder lists times below d that are quicker to read, 0 first.
func rounder(d time.Duration) []time.Duration {
	var list []time.Duration
	// Cut to multiples of more than itself, d is 0.
	for _, unit := range []time.Duration{d + 1, time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond} {
		if r := d.Truncate(unit); r != d && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}

// lowerNumbers lists lower values of a whole number, the lowest first; other
// values have none.
func lowerNumbers(text string) []string {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	var list []string
	for _, lower := range []int{1, n / 4, n / 2, n - 1} {
		if lower > 0 && lower < n {
			list = append(list, strconv.Itoa(lower))
		}
	}
	return list
}
