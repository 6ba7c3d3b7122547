package explain

import (
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// rule is the place of the decision that turned the story: the last that let
// the message in where it stands in the log, the last that kept it out or took
// it away where it does not. Where all holds, it is the last that kept it out,
// as a copy, or else the last that let it in.
func (c *Case) rule(s *Story) int {
	let, kept := None, None
	for _, l := range s.Lines {
		switch e := c.Events[l.Event]; {
		case e.Kind != history.Decide:
		case c.lets(l.Event):
			let = l.Event
		default:
			kept = l.Event
		}
	}
	switch {
	case s.Property == "no-phantoms":
		return None // that a later try was right to be stored is another story
	case s.Property == "fail-honest":
		return None // it was right to store it; what was wrong is the answer
	case s.Outcome != check.Violated && kept == None, s.Outcome == check.Violated && !missed(s.Property):
		return let
	}
	return kept
}

// unruled is the node that stored a message again and has no rule that could
// have kept it from that: it never applies any.
func (c *Case) unruled(s *Story) string {
	if s.Property != "no-duplicates" {
		return ""
	}
	for _, l := range s.Lines {
		if l.stores && l.again && !slices.ContainsFunc(c.Events, func(e history.Event) bool {
			return e.Kind == history.Decide && e.Node == l.node
		}) {
			return l.node
		}
	}
	return ""
}

// missed reports whether a violation of the property is that something is not
// there.
func missed(property string) bool {
	return slices.Contains([]string{"no-loss", "delivered", "live", "isolated"}, property)
}

// lets reports whether the rule of a Decide let its message in: whether the
// node then stored it, or meant to and died before it could. One that did is no
// reason that the message is missing, as one that kept it out is none that it
// is there twice.
func (c *Case) lets(place int) bool {
	e := c.Events[place]
	if strings.HasSuffix(e.Detail, "→ store") {
		return true
	}
	thread := c.threads[c.about[place]]
	at, _ := slices.BinarySearch(thread, place+1)
	for _, next := range thread[at:] {
		if c.Events[next].Node == e.Node {
			return c.Events[next].Kind == history.Store
		}
	}
	return false
}
