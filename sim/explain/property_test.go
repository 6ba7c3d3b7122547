package explain

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// anyHistory draws events of few names, so that they have much to do with one
// another: whoever writes a lab may record anything, in any order.
func anyHistory(t *rapid.T) []history.Event {
	var events []history.Event
	from := func(label string, words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
	for range rapid.IntRange(0, 40).Draw(t, "events") {
		events = append(events, history.Event{
			T:      rapid.Int64Range(0, 60).Draw(t, "t") * ms,
			Kind:   rapid.SampledFrom(history.Kinds).Draw(t, "kind"),
			Node:   from("node", "", "a", "b", "c"),
			Op:     from("op", "", "ACK", "all", "kill", "tear", "latency", "timeout", "partition", "skew"),
			Source: from("source", "", "x", "y"),
			Seq:    rapid.Int64Range(0, 2).Draw(t, "seq"),
			ID:     from("id", "", "1", "2", "identifier"),
			Value:  from("value", "", "value", "val", "value and more"),
			Link:   from("link", "", "a->b", "b->c", "->"),
			Msg:    from("msg", "", "m", "re m", "re re m"),
			Detail: from("detail", "", "upstream", "{a} {b}", "1 > 2 → store", "offset=-1s", "identifier → skip"),
		})
	}
	history.Sort(events)
	return events
}

// A story can be told of whatever was recorded, and points into the history.
func TestAnyHistoryIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyHistory(t)
		c := Open(events, check.Facts{})
		sound := func(s Story, ok bool) {
			require.LessOrEqual(t, len(s.Short(5)), 5)
			for i, l := range s.Lines {
				require.Less(t, l.Event, len(events))
				require.Equal(t, events[l.Event].T, l.T)
				require.NotContains(t, l.Text, "\x00")
				require.NotContains(t, l.Text, "\x01")
				require.True(t, i == 0 || s.Lines[i-1].Event <= l.Event, "in order")
				_, known := c.window(l.Fault)
				require.Equal(t, l.Fault != "", known)
			}
		}
		sound(c.Danger())
		run := check.New(events, check.Facts{})
		for _, checker := range check.All() {
			if v := checker.Judge(run); v.Outcome == check.Violated {
				sound(c.Violation(v, nil), true)
				sound(c.Violation(v, &Counterfactual{
					Property: v.Property, Reproduced: true, Needed: true,
					Without: []Fault{{Text: "a fault", Uses: []string{"1"}}},
				}), true)
			}
		}
	})
}
