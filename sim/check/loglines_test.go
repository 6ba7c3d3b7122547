package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
)

// say writes a line of a log as a short word: paul/1, then what is marked.
func say(l check.LogLine) string {
	text := fmt.Sprintf("%s/%d", l.Source, l.Seq)
	if l.Log != "" {
		text = l.Log + ":" + text
	}
	if l.Missing && l.Acknowledged {
		text += " lost"
	} else if l.Missing {
		text += " undelivered"
	}
	if l.Nth > 1 {
		text += fmt.Sprintf(" ×%d", l.Nth)
	}
	if l.Late {
		text += " late"
	}
	return text
}

func TestLogLines(t *testing.T) {
	ops := func(text string) string {
		var all strings.Builder
		for i, word := range strings.Fields(text) {
			name, outcome, _ := strings.Cut(word, "=")
			name, to, _ := strings.Cut(name, "@")
			fmt.Fprintf(&all, "%d anna invoke %s", i, name)
			if to != "" {
				fmt.Fprintf(&all, " detail=to_%s", to)
			}
			fmt.Fprintf(&all, "\n%d anna %s %s\n", i, outcome, name)
		}
		return all.String()
	}
	for _, test := range []struct {
		name, history string
		owed          bool
		want          []string
	}{
		{"as it should be", ops("x/1=ok x/2=ok") + "9 - final x/1\n9 - final x/2", false, []string{"x/1", "x/2"}},
		{"a copy", ops("x/1=ok x/2=ok") + "9 - final x/1\n9 - final x/2\n9 - final x/1", false, []string{"x/1", "x/2", "x/1 ×2"}},
		{"one behind a later one", ops("x/1=ok x/2=ok") + "9 - final x/2\n9 - final x/1", false, []string{"x/2", "x/1 late"}},
		{"a loss stands before the next of its source", ops("x/1=ok y/1=ok x/2=ok x/3=ok") + "9 - final x/1\n9 - final y/1\n9 - final x/3", false, []string{"x/1", "y/1", "x/2 lost", "x/3"}},
		{"a loss at the end", ops("x/1=ok x/2=ok") + "9 - final x/1", false, []string{"x/1", "x/2 lost"}},
		{"all lost", ops("x/1=ok x/2=ok"), false, []string{"x/1 lost", "x/2 lost"}},
		{"what was not acknowledged may be missing", ops("x/1=ok x/2=info") + "9 - final x/1", false, []string{"x/1"}},
		{"unless it is owed", ops("x/1=ok x/2=info") + "9 - final x/1", true, []string{"x/1", "x/2 undelivered"}},
		{"a phantom", ops("x/1=ok") + "9 - final x/1\n9 - final source=z value=ghost", false, []string{"x/1", "z/0"}},
		{"each log has its own", ops("x/1@bert,carl=ok") + "9 bert final x/1", false, []string{"bert:x/1", "carl:x/1 lost"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			facts := lab
			facts.Owed = test.owed
			var got []string
			for _, l := range check.New(parse(t, test.history), facts).LogLines() {
				got = append(got, say(l))
			}
			require.Equal(t, test.want, got)
		})
	}
}
