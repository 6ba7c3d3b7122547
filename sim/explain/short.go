package explain

import (
	"fmt"
	"slices"

	"faultlab/sim/history"
)

// weigh makes heavier what a short story cannot do without: the fault that
// mattered, what was done because of it, the rule, and what the verdict is
// about.
func (c *Case) weigh(s *Story, took proven) {
	blamed, resent, stored := false, false, false
	effects := c.effects(s)
	for i := range s.Lines {
		l := &s.Lines[i]
		switch {
		case l.Fault != "" && l.Fault == s.FaultID:
			l.weight, blamed = decisive, true
		case l.Event == s.ruling, slices.Contains(effects, i):
			l.weight = decisive
		case l.Fault != "" && len(took) > 0 && !took.matters(l.Fault):
			l.weight = aside // it happened, and did no harm
		case l.kind == history.OK && s.Property == "linearizable":
			l.weight = decisive
		case l.kind == history.OK && acknowledged(s.Property), l.kind == history.Fail && s.Property == "fail-honest":
			l.weight = turning
		case l.kind == history.OK && !missed(s.Property):
			l.weight = useful
		case l.stores && l.weight > aside:
			if !stored && !missed(s.Property) {
				l.weight = turning // without the first, nothing is there twice
			}
			stored = true
		case blamed && l.again && l.kind == history.Send && !resent:
			l.weight, resent = turning, true
		case l.kind == history.Decide:
			l.weight = useful // its rule is not the one that turned the story
		}
	}
}

// effects are the lines of the stores that a story of two operations turns on:
// where one took the other's place, those into that place; of a read that no
// order explains, the last that it saw.
func (c *Case) effects(s *Story) []int {
	place := ""
	for _, p := range c.Thread(s.Message) {
		if e := c.Events[p]; e.Kind == history.Store && e.Detail != "" && e.Node != c.client(name{s.Message.Source, s.Message.Seq}) {
			place = e.Detail
		}
	}
	var all []int
	for i, l := range s.Lines {
		switch {
		case !l.stores:
		case s.Property == "linearizable":
			all = []int{i}
		case (s.Property == "id-unique" || s.Property == "no-loss") && l.into != "" && l.into == place:
			all = append(all, i)
		}
	}
	return all
}

// decisive is the weight of what a story is about.
const decisive = turning + 1

// acknowledged reports whether a violation of the property is one only because
// of what a client was told.
func acknowledged(property string) bool {
	return slices.Contains([]string{"no-loss", "reply-match", "linearizable", "id-unique"}, property)
}

// Short is the story in at most n sentences, each with its time but the last,
// which tells how it ended. The lightest lines are left out, of those that are
// alike the later.
func (s Story) Short(n int) []string {
	keep := slices.DeleteFunc(slices.Clone(s.Lines), func(l Line) bool { return l.weight == aside })
	for len(keep) > n-1 {
		least := len(keep) - 1
		for i := least; i >= 0; i-- {
			if keep[i].weight < keep[least].weight {
				least = i
			}
		}
		keep = slices.Delete(keep, least, least+1)
	}
	var all []string
	for i, text := range spoken(keep) {
		all = append(all, fmt.Sprintf("%s  %s", span(keep[i].T), sentence(text)))
	}
	return append(all, sentence(s.End))
}
