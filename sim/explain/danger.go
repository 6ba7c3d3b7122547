package explain

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Danger tells of the message that a fault met, in a run in which all that was
// judged holds: what would have been violated, and was not. ok is false where
// no message met one.
func (c *Case) Danger() (s Story, ok bool) {
	most := 0
	for i, e := range c.Events {
		n := name{e.Source, e.Seq}
		if e.Kind != history.Invoke || e.Seq == 0 || c.invokes[n] != i {
			continue
		}
		m := check.Message{Source: e.Source, Seq: e.Seq, Value: e.Value}
		if !c.met(c.threads[n]) {
			continue
		}
		if d := c.danger(m); d > most {
			most, s.Message = d, m
		}
	}
	if most == 0 {
		return Story{}, false
	}
	s.Outcome = check.Holds
	c.tell(&s, nil)
	s.End = c.ending(s.Message)
	return s, true
}

// met reports whether a fault was in force where and while the message was
// about. It is quickly told, and of most messages there is no more to tell.
func (c *Case) met(thread []int) bool {
	for _, place := range thread {
		e := c.Events[place]
		h, hops := c.hop(place)
		for _, w := range c.Windows {
			at := w.Node != "" && w.Node == e.Node || hops && (w.Node != "" && w.Node == h.To || w.touches(h.Link, h.Answer))
			near := w.From <= e.T+underway && e.T <= w.To || hops && h.Recv == None && w.From >= e.T
			if at && near && e.Kind != history.Final {
				return true
			}
		}
	}
	return false
}

// danger is how much a message went through: that it was lost on its way, that
// it was sent again, and that a rule then had to know it.
func (c *Case) danger(m check.Message) int {
	d, met := 0, false
	for _, l := range c.lines(m, nil) {
		switch {
		case l.Fault != "":
			met = true
			d += 2
		case met && l.kind == history.Decide && !c.lets(l.Event):
			d += 5
		case met && l.kind == history.Decide:
			d++
		case met && l.kind == history.Send:
			d++
		}
	}
	if !met {
		return 0
	}
	return d
}

// ending is what the log was left with, or else the client.
func (c *Case) ending(m check.Message) string {
	n := name{m.Source, m.Seq}
	if places := c.entries[n]; len(places) > 0 {
		var logs []string
		for _, place := range places {
			log := c.Events[place].Node
			if slices.Contains(logs, log) {
				return fmt.Sprintf("%s stands more than once in a log", n)
			}
			logs = append(logs, log)
		}
		if len(logs) > 1 {
			return fmt.Sprintf("%s stands once in each log (%s)", n, strings.Join(logs, ", "))
		}
		return fmt.Sprintf("%s stands once in the log", n)
	}
	for _, place := range c.threads[n] {
		switch c.Events[place].Kind {
		case history.OK:
			return fmt.Sprintf("%s was answered", n)
		case history.Fail:
			return fmt.Sprintf("%s was refused, and is not in the log", n)
		}
	}
	return fmt.Sprintf("%s is not in the log, and nobody was told that it is", n)
}
