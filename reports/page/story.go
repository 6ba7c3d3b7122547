package page

import (
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/explain"
)

// story is what happened to one message, in numbered steps. The numbers stand
// in the list and in its picture.
type story struct {
	explain.Story
	Title string
	First bool
	// Of a message that violates several properties in one way all is told once.
	Properties, Endings, Proofs []string
	Steps                       []step
	Left                        int // steps that were left out of a very long story
	Excerpt                     excerpt
}

type step struct {
	N     int
	Event int
	Time  string
	Text  string
	Key   string // of the fault that it met
	Bad   bool   // the fault that mattered
}

// Sentence is the step as it stands in the list.
func (s step) Sentence() string { return sentence(s.Text) }

// A message that is sent again every second for a minute has a hundred steps,
// of which the first and the last tell all.
const stepsShown = 24

// stories numbers and draws what the run tells.
func stories(c *explain.Case, r Run, nodes []node, windows []window) []story {
	var all []story
	for _, s := range r.Stories {
		if i := slices.IndexFunc(all, func(o story) bool { return o.same(s) }); i >= 0 {
			all[i].also(s)
			continue
		}
		shown := story{Story: s, Title: messageTitle(s.Message), First: len(all) == 0}
		shown.also(s)
		lines := s.Lines
		if len(lines) > stepsShown {
			half := stepsShown / 2
			shown.Left = len(lines) - stepsShown
			lines = slices.Concat(lines[:half], lines[len(lines)-half:])
		}
		for i, l := range lines {
			shown.Steps = append(shown.Steps, step{
				N: i + 1, Event: l.Event, Time: moment(l.T), Text: l.Text,
				Key: keyOf(windows, l.Fault), Bad: l.Fault != "" && l.Fault == s.FaultID,
			})
		}
		shown.Excerpt = draw(c, shown, nodes, windows)
		all = append(all, shown)
	}
	return all
}

// same reports whether another story is of the same message and events.
func (s story) same(o explain.Story) bool {
	return s.Message.Source == o.Message.Source && s.Message.Seq == o.Message.Seq && s.Outcome == o.Outcome && s.Rule == o.Rule && s.FaultID == o.FaultID &&
		slices.EqualFunc(s.Lines, o.Lines, func(a, b explain.Line) bool { return a.Event == b.Event && a.Text == b.Text })
}

// also notes what a story says of its property.
func (s *story) also(o explain.Story) {
	s.Properties = append(s.Properties, o.Property)
	s.Endings = append(s.Endings, sentence(o.End))
	if o.Proof != "" {
		s.Proofs = append(s.Proofs, sentence(o.Proof))
	}
}

// Came ends the story's heading: how its message came to what it came to.
func (s story) Came() string {
	if s.Outcome == check.Violated {
		return "to violate " + strings.Join(s.Properties, " and ")
	}
	return "through"
}

func keyOf(windows []window, id string) string {
	for _, w := range windows {
		if id != "" && w.ID == id {
			return w.Key
		}
	}
	return ""
}
