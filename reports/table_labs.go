package reports

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
)

// labRows counts what the runs of each lab found, as a row each.
func labRows(runs []Run) []tableRow {
	var rows []tableRow
	for _, lab := range labsOf(runs) {
		mine := slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return r.Record.Lab != lab })
		scenarios := map[string]bool{}
		violate, hold := 0, 0
		for _, r := range mine {
			scenarios[r.Record.Scenario] = true
			switch {
			case r.State() != AsExpected:
			case r.Outcome == check.Violated:
				violate++
			default:
				hold++
			}
		}
		n := Count(mine)
		state := AsExpected
		switch {
		case n.Differs > 0:
			state = Differs
		case n.Unknown > 0:
			state = Unknown
		}
		found := []string{fmt.Sprintf("%d violate what they should", violate), fmt.Sprintf("%d hold", hold)}
		if n.Differs > 0 {
			found = append(found, fmt.Sprintf("%d differ", n.Differs))
		}
		if n.Unknown > 0 {
			found = append(found, fmt.Sprintf("%d unknown", n.Unknown))
		}
		rows = append(rows, tableRow{
			state: state, scenario: lab, variant: fmt.Sprintf("%d scenarios", len(scenarios)), world: fmt.Sprintf("%d runs", n.Runs),
			finding: strings.Join(found, ", "),
		})
	}
	return rows
}

// labsOf lists the labs of runs, in the order in which they come up.
func labsOf(runs []Run) []string {
	var labs []string
	for _, r := range runs {
		if !slices.Contains(labs, r.Record.Lab) {
			labs = append(labs, r.Record.Lab)
		}
	}
	return labs
}
