package reports

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/explain"
)

// few reports whether runs are explained one by one: those of one scenario, or up
// to five. Of more, only what differs from what was expected is: the rest would
// bury it.
func few(runs []Run) bool {
	return len(runs) <= 5 || !slices.ContainsFunc(runs, func(r Run) bool { return r.Script != runs[0].Script })
}

// sentences is how long a story is on a terminal.
const sentences = 5

// stories prints how what was found came about.
func stories(text *strings.Builder, runs []Run, color bool) {
	if !few(runs) {
		return
	}
	for _, r := range runs {
		if r.State() != AsExpected {
			continue // told among the problems
		}
		for _, s := range r.Stories {
			if r.toldBy(s, runs) {
				continue
			}
			fmt.Fprintf(text, "%s  %s/%s %s %s: %s\n", paint(r.State(), pad(string(r.State())), color),
				r.Record.Lab, ScenarioName(r.Record), r.Record.Variant, r.Record.World, headline(s))
			r.story(text, s)
			fmt.Fprintf(text, "         replay: %s\n\n", r.Replay())
		}
	}
}

// toldBy reports whether the virtual world tells the same of this scenario and
// variant: it tells it with proof, and one story is enough.
func (r Run) toldBy(s explain.Story, runs []Run) bool {
	return r.Record.World != "virtual" && slices.ContainsFunc(runs, func(o Run) bool {
		return o.Record.World == "virtual" && o.Record.Scenario == r.Record.Scenario && o.Record.Variant == r.Record.Variant &&
			o.State() == AsExpected &&
			slices.ContainsFunc(o.Stories, func(other explain.Story) bool { return other.Property == s.Property })
	})
}

func headline(s explain.Story) string {
	if s.Outcome == check.Violated {
		return "violates " + s.Property + ", as expected"
	}
	return "holds in spite of " + s.Fault
}

// story prints one in a few sentences, with the rule that failed, what was done
// in its place where it held, and the proof.
func (r Run) story(text *strings.Builder, s explain.Story) {
	for _, line := range s.Short(sentences) {
		when, what, timed := strings.Cut(line, "  ")
		if !timed {
			when, what = "", line
		}
		fmt.Fprintf(text, "%16s  %s\n", when, printable(what))
	}
	for _, more := range []struct{ label, said string }{
		{"rule", s.Rule}, {"remedy", s.Remedy}, {"proof", s.Proof},
	} {
		if more.said != "" {
			fmt.Fprintf(text, "%16s  %s\n", more.label, printable(more.said))
		}
	}
}

// hint says how to see one explained, where there are too many to explain all.
func hint(runs []Run) string {
	if few(runs) {
		return ""
	}
	for _, r := range runs {
		if r.Outcome == check.Violated && r.AsExpected {
			return fmt.Sprintf("to see how one came about: faultlab run %s\n", quote(r.Script))
		}
	}
	return ""
}

// Told tells how each violation in the run came about, as on a terminal.
func (r Run) Told() string {
	var text strings.Builder
	for _, s := range r.Stories {
		if s.Outcome == check.Violated {
			r.story(&text, s)
		}
	}
	return text.String()
}
