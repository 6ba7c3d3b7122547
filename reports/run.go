// Package reports writes down what came of runs, for programs and for people:
//
//	out/
//	  summary.json  summary.md  junit.xml  index.html  over all runs of a command
//	  <lab>/<scenario>/<variant>/<world>/           one run
//	    run.json       what must be known to judge it again
//	    history.jsonl  what happened, an event a line
//	    verdict.json   the judgement, and how it came about
//	    report.html    all of it to look at: see package page
//	    explanation.md the same for people, with diagrams
//	    linearizable.html  the orders of the operations on each key, where judged
//	    explorable.json  what a fault of the script does at other times, if asked for
//	    scenario       the script, in canonical form
//	    console/       what each node printed
//	    disk/          the lab's own files at the end
//
// Everything but the last four files follows from run.json and history.jsonl.
// The same runs give the same bytes, the real time they took excepted; of the
// orders that fail, equally long ones may stand in any order.
package reports

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/world"
)

// Run is a finished run.
type Run struct {
	world.Result
	// Script is what a command line calls the scenario: the name of one that
	// comes with the program, or the path of a file.
	Script string
	// Stories explain what broke, or what held in spite of a fault: see Explain.
	Stories []explain.Story

	diagrams []string // of the stories, one each
}

// State sorts runs by what a person has to do about them.
type State string

// The states.
const (
	AsExpected State = "ok"
	Differs    State = "differs" // a verdict differs from what was expected
	Unknown    State = "unknown" // the run says nothing, in either direction
)

// State tells whether the run came out as expected. An unknown outcome is
// never as expected: a run that saw nothing must not pass.
func (r Run) State() State {
	switch {
	case r.Outcome == check.Unknown:
		return Unknown
	case r.AsExpected:
		return AsExpected
	}
	return Differs
}

// ScenarioName is the scenario's own name, without the lab's.
func ScenarioName(rec world.Record) string {
	if rec.Scenario == "" {
		return "unnamed"
	}
	return path.Base(rec.Scenario)
}

// Dir is the run's folder below the output folder, with forward slashes.
func Dir(rec world.Record) string {
	return path.Join(rec.Lab, ScenarioName(rec), rec.Variant, rec.World)
}

// Replay is the command line that repeats the run.
func (r Run) Replay() string {
	return fmt.Sprintf("faultlab run -variant %s -world %s -seed %d %s", r.Record.Variant, r.Record.World, r.Record.Seed, quote(r.Script))
}

// quote protects an argument from a shell, where it has to be.
func quote(arg string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./\\:+@", r)
	}
	if arg != "" && strings.IndexFunc(arg, func(r rune) bool { return !plain(r) }) < 0 {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

// Finding is the run's outcome in a few words: what broke, or what held.
func (r Run) Finding() string {
	switch r.Outcome {
	case check.Unknown:
		return "unknown: " + r.reason()
	case check.Violated:
		var broken []string
		for _, v := range r.Verdicts {
			if v.Outcome == check.Violated {
				broken = append(broken, fmt.Sprintf("%s (%d)", v.Property, v.Count))
			}
		}
		finding := "violates " + strings.Join(broken, ", ")
		if r.AsExpected {
			finding += ", as expected"
		}
		return finding
	}
	if len(r.Verdicts) == 1 {
		return "holds " + r.Verdicts[0].Property
	}
	return fmt.Sprintf("holds %d properties", len(r.Verdicts))
}

// reason is the first line of why the run is not as expected, or unknown, as
// far as it fits beside the rest.
func (r Run) reason() string {
	line, _, _ := strings.Cut(strings.TrimSpace(strings.Join(r.Why(), "\n")), "\n")
	if runes := []rune(line); len(runes) > reasonWidth {
		line = string(runes[:reasonWidth-1]) + "…"
	}
	return printable(line)
}

const reasonWidth = 100

// printable shows control characters as unknown ones: a lab that prints escape
// sequences must not move about on a person's terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// Why lists why the run is not as expected, or unknown, in full: a reason may
// hold a stack. It is empty for a run that is as expected. Problems of the run
// itself come first: after a crash, that the workload sent nothing explains
// nothing.
func (r Run) Why() []string {
	if r.State() == AsExpected {
		return nil
	}
	why := slices.Clone(r.Record.Problems)
	for _, reason := range r.Reasons {
		if !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	return why
}
