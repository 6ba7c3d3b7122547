package page

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/explain"
)

// Explorable is what came of a script when one of its faults was moved about in
// time. It is computed beforehand, so that a page can show it far from the
// program that ran it.
type Explorable struct {
	Fault     string     `json:"fault"`  // as the script has it
	Moment    string     `json:"moment"` // when the script injects it
	Variants  []string   `json:"variants"`
	Span      int64      `json:"span"` // of the time it was moved over, in µs
	Positions []Position `json:"positions"`
}

// Check finds out whether one that was read from a file is whole.
func (e Explorable) Check() error {
	if len(e.Positions) == 0 || len(e.Variants) == 0 {
		return errors.New("it has no positions or no variants")
	}
	for i, p := range e.Positions {
		if len(p.Sides) != len(e.Variants) {
			return fmt.Errorf("position %d has %d of %d variants", i, len(p.Sides), len(e.Variants))
		}
	}
	return nil
}

// Position is one place of the fault.
type Position struct {
	At       int64  `json:"at"`                 // µs
	Scripted bool   `json:"scripted,omitempty"` // the fault was left as the script has it
	Sides    []Side `json:"sides"`              // of each variant
}

// Side is what came of one variant.
type Side struct {
	Outcome  check.Outcome `json:"outcome"`
	Finding  string        `json:"finding"`
	Effect   string        `json:"effect,omitempty"` // what the fault met; empty: nothing
	Verdicts []sideVerdict `json:"verdicts"`
	Title    string        `json:"title,omitempty"` // of the story; empty: no message met a fault
	Lines    []string      `json:"lines,omitempty"`
	Rule     string        `json:"rule,omitempty"`
	Logs     []sideLog     `json:"logs"`
	Model    *model        `json:"model,omitempty"` // of the story
}

type sideVerdict struct {
	Property string        `json:"property"`
	Outcome  check.Outcome `json:"outcome"`
	Why      string        `json:"why,omitempty"` // of one that does not hold
}

// sideLog is a final log: in short, and its entries that are marked.
type sideLog struct {
	Name    string   `json:"name,omitempty"`
	Summary string   `json:"summary"`
	Marks   []string `json:"marks,omitempty"`
}

const (
	// sentences is how long a story is that changes under a hand.
	sentences = 5
	// sideMarks bounds what is listed of a log in which everything is wrong.
	sideMarks = 8
)

// SideOf sums a run up. effect is what the fault met that was moved.
func SideOf(r Run, effect string) Side {
	s := Side{Outcome: r.Judgement.Outcome, Finding: r.Finding, Effect: effect}
	for _, v := range r.Judgement.Verdicts {
		judged := sideVerdict{Property: v.Property, Outcome: v.Outcome}
		if v.Outcome != check.Holds {
			judged.Why = v.Why
		}
		s.Verdicts = append(s.Verdicts, judged)
	}
	for _, l := range compare(r, nil) {
		col := l.Columns[0]
		s.Logs = append(s.Logs, sideLog{Name: l.Name, Summary: col.Summary, Marks: col.marks()})
	}
	c := explain.Open(r.Events, r.Record.Facts())
	nodes := nodesOf(r.Record, r.Events)
	windows := keyed(c.Windows)
	if told := stories(c, r, nodes, windows); len(told) > 0 {
		s.tell(c, told[0], nodes, windows)
	}
	return s
}

// tell fills in the story, and the little that its diagram is drawn from.
func (s *Side) tell(c *explain.Case, told story, nodes []node, windows []window) {
	s.Title, s.Lines, s.Rule = "How "+told.Title+" came "+told.Came(), told.Short(sentences), told.Rule
	points := told.places(c)
	only := map[int]bool{}
	for _, p := range points {
		only[p] = true
	}
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n node) bool { return !passes(c, points, n) })
	m := modelOf(c, nodes, windows, []story{told}, only)
	s.Model = &m
}

// marks lists the entries that are marked, as far as they are shown.
func (col logColumn) marks() []string {
	var all []string
	for _, part := range col.Parts {
		for _, e := range part.Entries {
			if len(e.Marks) > 0 && len(all) < sideMarks {
				all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", e.place(), e.Title, e.Symbol, strings.Join(e.Marks, ", "))))
			}
		}
	}
	return all
}
