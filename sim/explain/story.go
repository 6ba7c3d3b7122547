package explain

import (
	"cmp"
	"slices"

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
	// Rule is the decision that turned the story, "node: operands → effect", or
	// that the node which should have had one has none; empty: no rule matters.
	Rule string `json:"rule,omitempty"`
	// Remedy is what the hardened variant did at that point, in the same script.
	Remedy string `json:"remedy,omitempty"`
	// Proof is what reruns without a fault found.
	Proof string `json:"proof,omitempty"`
	End   string `json:"end"` // what the log, or the client, was left with

	ruling int    // the place of the rule in the history; None: there is none
	node   string // that applied it
}

// Violation tells how a violated verdict came about, of the message that it
// names whose story tells most. found is what reruns showed; nil: there were
// none.
func (c *Case) Violation(v check.Verdict, found *Counterfactual) Story {
	s := Story{Property: v.Property, Outcome: v.Outcome, End: v.Why}
	if len(v.Messages) > 0 {
		s.Message = c.representative(v, found)
		s.End = s.Message.Why
	}
	c.tell(&s, found)
	if found != nil {
		s.Proof, s.Remedy = found.proof(s.Message), found.Remedy
	}
	return s
}

// representative picks the message of a verdict whose story tells most: the
// first that a fault met which reruns have shown to matter, or else any fault.
func (c *Case) representative(v check.Verdict, found *Counterfactual) check.Message {
	best, most := v.Messages[0], -1
	for _, m := range v.Messages[:min(len(v.Messages), looked)] {
		score := 0
		took := found.proven(m)
		for _, l := range c.lines(m, took) {
			switch {
			case took.matters(l.Fault):
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
	took := found.proven(s.Message)
	s.Lines = append([]Line{}, c.lines(s.Message, took)...) // a list also in JSON, if it is empty
	for _, n := range c.related(s.Property, s.Message) {
		s.Lines = c.beside(s, n, took)
	}
	if w, ok := c.culprit(s, found); ok {
		s.FaultID, s.Fault = w.ID, w.Name()
		if !slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Fault == w.ID }) {
			s.Lines = insert(s.Lines, Line{
				T: c.Events[w.place].T, Event: w.place, said: w.did(), Fault: w.ID, weight: turning, kind: history.Fault, node: w.Node,
			})
		}
	}
	s.ruling = c.rule(s)
	if s.ruling != None {
		e := c.Events[s.ruling]
		s.node = e.Node
		s.Rule = e.Node + ": " + c.Plain(e)
	} else if node := c.unruled(s); node != "" {
		s.Rule = "none: " + node + " stores whatever comes"
	}
	c.weigh(s, took)
	for i, text := range spoken(s.Lines) {
		s.Lines[i].Text = text
	}
}

// spoken gives the texts of lines that are read one after another. One that
// goes on about what the line before it told of says "it".
func spoken(lines []Line) []string {
	texts := make([]string, len(lines))
	about := ""
	for i, l := range lines {
		texts[i] = l.said
		if l.about != "" && l.about != about {
			texts[i], about = l.named, l.about
		}
	}
	return texts
}

// beside adds what another operation has to do with the story: what its client
// was told, and what the nodes made of it. What a read did not see any more is
// no part of it.
func (c *Case) beside(s *Story, n name, took proven) []Line {
	end := len(c.Events)
	if s.Property == "linearizable" && len(s.Lines) > 0 {
		end = s.Lines[len(s.Lines)-1].Event
	}
	lines := s.Lines
	for _, l := range c.linesUntil(check.Message{Source: n.source, Seq: n.seq, Value: c.value(n)}, took, end) {
		same := func(o Line) bool { return o.Event == l.Event }
		if l.weight == aside || slices.ContainsFunc(lines, same) {
			continue
		}
		l.weight = min(l.weight, telling)
		lines = insert(lines, l)
	}
	return lines
}

// insert puts a line where its event stands.
func insert(lines []Line, l Line) []Line {
	at, _ := slices.BinarySearchFunc(lines, l.Event, func(l Line, place int) int { return cmp.Compare(l.Event, place) })
	return slices.Insert(slices.Clone(lines), at, l)
}

// culprit is the fault that mattered: one in the story that reruns have shown
// to matter, or else any that they have. Without reruns it is the likeliest
// that the message met, or else one inside a node that dealt with it.
func (c *Case) culprit(s *Story, found *Counterfactual) (Window, bool) {
	took := found.proven(s.Message)
	var met []Window
	for _, l := range s.Lines {
		if w, ok := c.window(l.Fault); ok {
			met = append(met, w)
		}
	}
	for _, all := range [][]Window{met, c.Windows} {
		all = slices.DeleteFunc(slices.Clone(all), func(w Window) bool { return !took.matters(w.ID) })
		if len(all) > 0 {
			return likeliest(all), true
		}
	}
	switch {
	case found != nil && found.Reproduced && !found.Needed:
		return Window{}, false
	case len(met) == 0:
		return c.within(c.Thread(s.Message))
	}
	return likeliest(met), true
}

// likeliest is the first of those that are most likely to cost a message.
func likeliest(all []Window) Window {
	return slices.MaxFunc(all, func(a, b Window) int { return cmp.Compare(a.rank(), b.rank()) })
}
