package page

import (
	"slices"

	"faultlab/sim/explain"
)

// story is what happened to one message, in numbered steps. The numbers stand
// in the list and in its picture.
type story struct {
	explain.Story
	Title   string
	First   bool
	Ending  string
	Steps   []step
	Left    int // steps that were left out of a very long story
	Excerpt excerpt
}

type step struct {
	N     int
	Event int
	Time  string
	Text  string
	Key   string // of the fault that it met
	Bad   bool   // the fault that mattered
}

// A message that is sent again every second for a minute has a hundred steps,
// of which the first and the last tell all.
const stepsShown = 24

// stories numbers and draws what the run tells.
func stories(c *explain.Case, r Run, nodes []node, windows []window) []story {
	var all []story
	for _, s := range r.Stories {
		shown := story{Story: s, Title: messageTitle(s.Message), First: len(all) == 0, Ending: sentence(s.End)}
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

func keyOf(windows []window, id string) string {
	for _, w := range windows {
		if id != "" && w.ID == id {
			return w.Key
		}
	}
	return ""
}
