package check

import (
	"fmt"
	"strings"
)

const (
	messagesKept = 100 // in Verdict.Messages
	namesKept    = 5   // in Verdict.Why
	valueKept    = 60  // characters of a value in a sentence
)

// unknown is the verdict of a check that cannot tell, and why it cannot.
func unknown(format string, args ...any) Verdict {
	return Verdict{Outcome: Unknown, Why: fmt.Sprintf(format, args...)}
}

// idle is the verdict of a check that the run gave nothing to do.
func idle(format string, args ...any) Verdict {
	v := unknown(format, args...)
	v.Idle = true
	return v
}

// holds is the verdict of a check that found nothing wrong in what it saw.
func holds(format string, args ...any) Verdict {
	return Verdict{Outcome: Holds, Why: fmt.Sprintf(format, args...)}
}

// findings gathers the messages that violate a property, one call of add each.
type findings struct {
	count    int
	messages []Message
	names    []string
}

// add notes one message. why is what is wrong with it, without its name.
func (f *findings) add(name string, m Message, why string) {
	f.count++
	if f.count <= messagesKept {
		m.Why = name + " " + why
		f.messages = append(f.messages, m)
	}
	if f.count <= namesKept {
		f.names = append(f.names, name)
	}
}

// violated is the verdict on what was found. A single message speaks for
// itself; of several, all says what they have in common.
func (f *findings) violated(all string) Verdict {
	why := f.messages[0].Why
	if f.count > 1 {
		why = fmt.Sprintf("%d %s: %s", f.count, all, strings.Join(f.names, ", "))
		if f.count > namesKept {
			why += " …"
		}
	}
	return Verdict{Outcome: Violated, Count: f.count, Messages: f.messages, Why: why}
}

// counted puts a number before a noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// quoted shows a value in a sentence. A long one is cut short, a strange one
// escaped: a torn line may hold anything.
func quoted(value string) string {
	if runes := []rune(value); len(runes) > valueKept {
		return fmt.Sprintf("%q…", string(runes[:valueKept]))
	}
	return fmt.Sprintf("%q", value)
}
