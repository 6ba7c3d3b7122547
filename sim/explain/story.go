package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Story is why a property was violated, or how it held in spite of a fault,
// told of one message.
type Story struct {
	Property string        `json:"property"`
	Outcome  check.Outcome `json:"outcome"`
	Message  check.Message `json:"message"`
	Lines    []Line        `json:"lines"`
	// Fault is the fault that mattered, as the script has it; empty: none did.
	Fault string `json:"fault,omitempty"`
	// FaultID is the id of its use in the history.
	FaultID string `json:"fault_id,omitempty"`
	// Rule is the decision that turned the story, "node: operands → effect";
	// empty: no node applied one.
	Rule string `json:"rule,omitempty"`
	// Remedy is what the hardened variant did at that point, in the same script.
	Remedy string `json:"remedy,omitempty"`
	// Proof is what reruns without a fault found.
	Proof string `json:"proof,omitempty"`
	End   string `json:"end"` // what the log, or the client, was left with
}

// Violation tells how a violated verdict came about, of the first message that
// it names. found is what reruns showed; nil: there were none.
func (c *Case) Violation(v check.Verdict, found *Counterfactual) Story {
	s := Story{Property: v.Property, Outcome: v.Outcome, End: v.Why}
	if len(v.Messages) > 0 {
		s.Message = c.representative(v, found)
		s.End = s.Message.Why
	}
	c.tell(&s, found)
	if found != nil {
		s.Proof, s.Remedy = found.proof(), found.Remedy
	}
	return s
}

// representative picks the message of a verdict whose story tells most: the
// first that a fault met which reruns have shown to matter, or else any fault.
func (c *Case) representative(v check.Verdict, found *Counterfactual) check.Message {
	best, most := v.Messages[0], -1
	for _, m := range v.Messages[:min(len(v.Messages), looked)] {
		score := 0
		for _, l := range c.lines(m, c.Thread(m)) {
			switch {
			case l.Fault != "" && found.matters(l.Fault):
				score = max(score, 2)
			case l.Fault != "":
				score = max(score, 1)
			}
		}
		if score > most {
			best, most = m, score
		}
	}
	return best
}

// looked is how many messages of a verdict are looked at for the best story.
const looked = 20

// tell fills in the lines, the fault and the rule.
func (c *Case) tell(s *Story, found *Counterfactual) {
	s.Lines = c.lines(s.Message, c.Thread(s.Message))
	if w, ok := c.culprit(s.Lines, found); ok {
		s.FaultID, s.Fault = w.ID, w.name()
		if !slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Fault == w.ID }) {
			s.Lines = c.insert(s.Lines, w)
		}
	}
	for _, l := range s.Lines {
		if l.kind == history.Decide {
			s.Rule = l.node + ": " + c.Plain(c.Events[l.Event])
		}
	}
}

// culprit is the fault that mattered: the first in the story that reruns have
// shown to matter, or any that they have; without reruns the last that the
// message met before its end.
func (c *Case) culprit(lines []Line, found *Counterfactual) (Window, bool) {
	if found != nil && !found.Needed {
		return Window{}, false
	}
	var met []Window
	for _, l := range lines {
		if w, ok := c.window(l.Fault); ok {
			met = append(met, w)
		}
	}
	for _, w := range met {
		if found.matters(w.ID) {
			return w, true
		}
	}
	for _, w := range c.Windows {
		if found.matters(w.ID) {
			return w, true
		}
	}
	if len(met) == 0 {
		return Window{}, false
	}
	return slices.MaxFunc(met, func(a, b Window) int { return cmp.Compare(rank(a), rank(b)) }), true
}

// insert puts a fault into a story that did not meet it: a clock that was set
// back, a disk that was full.
func (c *Case) insert(lines []Line, w Window) []Line {
	place := slices.IndexFunc(c.Events, func(e history.Event) bool { return e.Kind == history.Fault && e.ID == w.ID })
	if place < 0 {
		return lines
	}
	text := fmt.Sprintf("“%s” came into force", w.name())
	l := Line{T: w.From, Event: place, Text: text, Fault: w.ID, weight: turning, kind: history.Fault}
	at, _ := slices.BinarySearchFunc(lines, place, func(l Line, place int) int { return cmp.Compare(l.Event, place) })
	return slices.Insert(slices.Clone(lines), at, l)
}

// Short is the story in at most n sentences, each with its time.
func (s Story) Short(n int) []string {
	keep := slices.Clone(s.Lines)
	for len(keep) > n-1 {
		least := 0
		for i, l := range keep {
			if l.weight < keep[least].weight || l.weight == keep[least].weight && l.weight == turning && i > 0 && i < len(keep)/2 {
				least = i
			}
		}
		keep = slices.Delete(keep, least, least+1)
	}
	var all []string
	for _, l := range keep {
		all = append(all, fmt.Sprintf("%s  %s.", moment(l.T), l.Text))
	}
	return append(all, upper(s.End)+".")
}

func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
