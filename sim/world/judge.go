package world

import (
	"fmt"
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Judge judges a saved run: what its variant promises and what the script
// expects. It needs nothing but the record and the history.
func Judge(rec Record, events []history.Event) Judgement {
	run := check.New(events, rec.Facts())
	j := Judgement{Outcome: check.Holds, AsExpected: true, Counts: check.Tally(run)}
	idle := true
	for _, property := range rec.judged() {
		c, ok := check.Lookup(property)
		if !ok {
			j.unsure("no checker judges %s", property)
			continue
		}
		v := c.Judge(run)
		j.Verdicts = append(j.Verdicts, v)
		if v.Idle && !rec.expects(property) {
			// In a run without a failure, say, no promise about failures was put
			// to the test. The others were: it is one of them that makes a run
			// unknown in which nothing happened at all.
			continue
		}
		idle = false
		switch v.Outcome {
		case check.Unknown:
			j.unsure("%s: %s", property, v.Why)
			continue
		case check.Violated:
			if j.Outcome == check.Holds {
				j.Outcome = check.Violated
			}
		}
		j.compare(rec.expectation(property), v)
	}
	switch {
	case len(j.Verdicts) == 0:
		j.unsure("nothing was judged: %s promises nothing and the script expects nothing of it", rec.Variant)
	case idle:
		j.unsure("nothing was judged: %s", j.Verdicts[0].Why)
	}
	for _, p := range rec.Problems {
		j.unsure("%s", p)
	}
	return j
}

// Facts are what a checker must know of the run besides its history.
func (rec Record) Facts() check.Facts {
	return check.Facts{
		Bound: rec.Bound,
		Owed:  rec.Owed,
		Reads: rec.Reads,
		Waits: rec.Waits,
		Links: rec.Links,
		Hosts: rec.Hosts,
	}
}

// unsure makes the outcome unknown.
func (j *Judgement) unsure(format string, args ...any) {
	j.Outcome = check.Unknown
	j.AsExpected = false
	j.Reasons = append(j.Reasons, fmt.Sprintf(format, args...))
}

// compare holds a verdict against what was expected of it.
func (j *Judgement) compare(want Expectation, v check.Verdict) {
	switch {
	case want.Violated && v.Outcome == check.Holds:
		j.surprise("%s was expected to be violated, and holds", v.Property)
	case !want.Violated && v.Outcome == check.Violated:
		j.surprise("%s is violated: %s", v.Property, v.Why)
	case want.Violated && want.Count >= 0 && want.Count != v.Count:
		j.surprise("%s is violated by %d messages, expected were %d", v.Property, v.Count, want.Count)
	}
}

func (j *Judgement) surprise(format string, args ...any) {
	j.AsExpected = false
	j.Reasons = append(j.Reasons, fmt.Sprintf(format, args...))
}

// judged lists the properties that are promised or expected, by name.
func (rec Record) judged() []string {
	names := slices.Clone(rec.Promises)
	for _, e := range rec.Expects {
		names = append(names, e.Property)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// expects reports whether the script says something about a property.
func (rec Record) expects(property string) bool {
	return slices.ContainsFunc(rec.Expects, func(e Expectation) bool { return e.Property == property })
}

// expectation finds what the script expects of a property: what is promised
// and not mentioned must hold.
func (rec Record) expectation(property string) Expectation {
	i := slices.IndexFunc(rec.Expects, func(e Expectation) bool { return e.Property == property })
	if i < 0 {
		return Expectation{Property: property, Count: -1}
	}
	return rec.Expects[i]
}
