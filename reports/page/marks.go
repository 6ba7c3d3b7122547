package page

import (
	"fmt"
	"strings"

	"faultlab/sim/check"
)

// markedLine is an entry and what is to be said of it.
type markedLine struct {
	check.LogLine
	title string
	marks []string
}

// marked says of each entry what is to be said.
func marked(lines []check.LogLine, phantoms bool, accused map[string][]charge) []markedLine {
	all := make([]markedLine, len(lines))
	for i, e := range lines {
		name := title(e.Source, e.Seq, e.Value)
		all[i] = markedLine{e, name, marksOf(e, phantoms)}
		for _, c := range accused[name] {
			if c.against(e.Log) {
				all[i].marks = append(all[i].marks, c.property)
			}
		}
	}
	return all
}

// meanings are what the marks say, in the order in which they are explained.
var meanings = [...]struct{ mark, meaning string }{
	{"lost", "acknowledged, and not in the log"},
	{"undelivered", "invoked, and not in the log"},
	{"duplicated", "in the log before"},
	{"reordered", "behind a later one of its source"},
	{"phantom", "no message that was invoked"},
	{check.Causal, "named by that verdict"},
	{check.Integrity, "named by that verdict"},
	{check.Atomic, "named by that verdict"},
	{check.Agreement, "named by that verdict"},
	{check.FailHonest, "named by that verdict"},
	{check.IDUnique, "named by that verdict"},
}

// charge is what a verdict has against a message.
type charge struct{ property, why string }

// against reports whether the charge is about the message's entry in a log. A
// verdict that does not name a log means all.
func (c charge) against(log string) bool {
	const named = " the log of "
	return log == "" || !strings.Contains(c.why, named) || strings.Contains(c.why+" ", named+log+" ") || strings.Contains(c.why, named+log+",")
}

// accused tells which messages violated verdicts on the log name, of those
// verdicts that no mark of an entry says.
func accused(verdicts []check.Verdict) map[string][]charge {
	named := map[string][]charge{}
	for _, v := range verdicts {
		switch v.Property {
		case check.Causal, check.Integrity, check.Atomic, check.Agreement, check.FailHonest, check.IDUnique:
		default:
			continue
		}
		for _, m := range v.Messages {
			named[messageTitle(m)] = append(named[messageTitle(m)], charge{v.Property, m.Why})
		}
	}
	return named
}

// marksOf says what is wrong with an entry.
func marksOf(e check.LogLine, phantoms bool) []string {
	var marks []string
	switch {
	case e.Missing && e.Acknowledged:
		marks = append(marks, "lost")
	case e.Missing:
		marks = append(marks, "undelivered")
	case e.Seq == 0 && phantoms:
		marks = append(marks, "phantom")
	}
	if e.Nth > 1 {
		marks = append(marks, "duplicated")
	}
	if e.Late {
		marks = append(marks, "reordered")
	}
	return marks
}

func symbolOf(e check.LogLine) string {
	switch {
	case e.Missing:
		return "∅"
	case e.Seq == 0:
		return "?"
	case e.Nth > 1:
		return fmt.Sprintf("×%d", e.Nth)
	case e.Late:
		return "↕"
	}
	return "!"
}
