package scenarios

import (
	"strconv"
	"time"
)

// leastPeriod bounds "every" from below: a script could else ask for a fault a
// nanosecond.
const leastPeriod = time.Millisecond

// maxCount bounds what scripts count.
const maxCount = 1_000_000_000

// step reads a line that injects a fault.
func (p *parser) step(c *cursor) {
	first := c.line.words[0]
	s := Step{Pos: first.pos, Note: c.line.note}
	var ok bool
	switch first.text {
	case "at":
		s.At, ok = p.time(c, 0)
	case "every":
		ok = p.every(c, &s)
	case "when":
		s.When, ok = p.trigger(c)
	}
	if !ok {
		return
	}
	if s.Fault, ok = p.fault(c); !ok {
		return
	}
	if s.Every > 0 && s.Fault.For >= s.Every {
		p.add(s.Pos, "the %s for %s would not have ended when the next begins, %s later; shorten it",
			s.Fault.Name, FormatDuration(s.Fault.For), FormatDuration(s.Every))
	}
	p.s.Steps = append(p.s.Steps, s)
}

func (p *parser) time(c *cursor, low time.Duration) (time.Duration, bool) {
	w, ok := c.take("a duration")
	if !ok {
		return 0, false
	}
	if unit, more := c.peek(); more && !isDuration(w.text) && isDuration(w.text+unit.text) {
		p.add(w.pos, "write %s%s, without a space", w.text, unit.text)
		return 0, false
	}
	return p.duration(w, low)
}

// every reads DURATION [times N].
func (p *parser) every(c *cursor, s *Step) (ok bool) {
	if s.Every, ok = p.time(c, leastPeriod); !ok {
		return false
	}
	w, _ := c.peek()
	if w.text != "times" {
		return true
	}
	c.next++
	n, ok := c.take("how often")
	if !ok {
		return false
	}
	if s.Times, ok = p.count(n, n.text, "times"); !ok {
		return false
	}
	if most := int(maxTime / s.Every); s.Times > most {
		p.add(n.pos, "%d times every %s is longer than %s; the most is %d", s.Times, FormatDuration(s.Every), FormatDuration(maxTime), most)
		return false
	}
	return true
}

// count reads a number from 1.
func (p *parser) count(w word, digits, what string) (int, bool) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || n > maxCount {
		p.add(w.pos, "%s: %s is no whole number from 1 to %d", what, quote(digits), maxCount)
		return 0, false
	}
	return int(n), true
}
