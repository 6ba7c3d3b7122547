package explain

import (
	"fmt"
	"slices"

	"faultlab/sim/history"
)

// weigh makes heavier what a short story cannot do without: the fault that
// mattered, what was done because of it, the rule, and what the verdict is
// about.
func (c *Case) weigh(s *Story, found *Counterfactual) {
	after := false // the culprit
	resent, stored := false, false
	effect := None // the last store, which a read then saw
	for i, l := range s.Lines {
		if s.Property == "linearizable" && l.stores {
			effect = i
		}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		switch {
		case l.Fault != "" && l.Fault == s.FaultID:
			l.weight = decisive
			after = true
		case l.Event == s.ruling:
			l.weight = decisive
		case l.Fault != "" && found != nil && !found.matters(l.Fault):
			l.weight = useful // it happened, and did no harm
		case after && l.again && l.kind == history.Send && !resent:
			l.weight, resent = turning, true
		case l.stores && !stored && !missed(s.Property) && l.weight > aside:
			l.weight, stored = turning, true // without the first, nothing is there twice
		case s.Property == "linearizable" && l.kind == history.OK, i == effect:
			l.weight = decisive
		case s.Property == "linearizable":
			l.weight = min(l.weight, telling)
		case l.kind == history.OK && !missed(s.Property) && !acknowledged(s.Property):
			l.weight = useful
		case l.kind == history.OK && acknowledged(s.Property), l.kind == history.Fail && s.Property == "fail-honest":
			l.weight = turning
		case l.kind == history.Decide && !l.again:
			l.weight = useful // its rule is not the one that turned the story
		}
	}
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
