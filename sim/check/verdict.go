package check

import (
	"fmt"
	"strings"
	"time"
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

// lasted says a duration in three digits: more of them are measured and mean
// nothing.
func lasted(d time.Duration) string {
	n, unit := d.Seconds(), "s"
	if d < time.Second {
		n, unit = n*1000, "ms"
	}
	if n >= 999.5 { // beyond, three digits would be a power of ten
		return fmt.Sprintf("%.0f %s", n, unit)
	}
	return fmt.Sprintf("%.3g %s", n, unit)
}

// quoted shows a value in a sentence. A long one is cut short, a strange one
// escaped: a torn line may hold anything.
func quoted(value string) string {
	if runes := []rune(value); len(runes) > valueKept {
		return fmt.Sprintf("%q…", string(runes[:valueKept]))
	}
	return fmt.Sprintf("%q", value)
}

// contrasted shows two values that differ so that the reader sees them differ:
// two long ones that begin alike would be cut short to the same.
func contrasted(a, b string) (string, string) {
	shownA, shownB := quoted(a), quoted(b)
	switch {
	case shownA != shownB:
		return shownA, shownB
	case len(a) != len(b):
		return fmt.Sprintf("%s (%d bytes)", shownA, len(a)), fmt.Sprintf("%s (%d bytes)", shownB, len(b))
	}
	parted := 0
	for a[parted] == b[parted] {
		parted++
	}
	return fmt.Sprintf("%s (from byte %d on: %s)", shownA, parted+1, quoted(a[parted:])),
		fmt.Sprintf("%s (from byte %d on: %s)", shownB, parted+1, quoted(b[parted:]))
}
