package explain

import (
	"fmt"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Danger tells of the message that a fault met, in a run in which all that was
// judged holds: what would have been violated, and was not. ok is false where
// no message met one.
func (c *Case) Danger() (s Story, ok bool) {
	most := 0
	for i, e := range c.Events {
		if e.Kind != history.Invoke || e.Seq == 0 {
			continue
		}
		m := check.Message{Source: e.Source, Seq: e.Seq, Value: e.Value}
		thread := c.threads[name{e.Source, e.Seq}]
		if len(thread) == 0 || thread[0] != i {
			continue
		}
		if d := c.danger(m, thread); d > most {
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

// danger is how much a message went through: that it was lost on its way, that
// it was sent again, and that a rule then had to know it.
func (c *Case) danger(m check.Message, thread []int) int {
	d, met := 0, false
	for _, l := range c.lines(m, thread) {
		switch {
		case l.Fault != "":
			met = true
			d += 2
		case met && l.kind == history.Decide:
			d += 3
		case met && l.kind == history.Send:
			d++
		}
	}
	if !met {
		return 0
	}
	return d
}

// ending is what the log was left with.
func (c *Case) ending(m check.Message) string {
	entries := 0
	outcome := history.Kind("")
	for _, place := range c.Thread(m) {
		switch e := c.Events[place]; e.Kind {
		case history.Final:
			entries++
		case history.OK, history.Info, history.Fail:
			outcome = e.Kind
		}
	}
	switch {
	case entries == 1:
		return fmt.Sprintf("%s stands once in the log", call(m))
	case entries > 1:
		return fmt.Sprintf("%s stands %d times in the log", call(m), entries)
	case outcome == history.OK:
		return fmt.Sprintf("%s was answered", call(m))
	}
	return fmt.Sprintf("%s is not in the log, and was not acknowledged either", call(m))
}
