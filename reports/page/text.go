package page

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// clean puts a visible sign in the place of what would steer the display of a
// page or terminal: control characters, and the marks that turn the direction
// of writing, with which a value could make its neighbours read backwards. All
// of a page goes through it at the end; what is shortened or becomes JSON does
// before, while it still is one character.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// clip shortens a text to n characters of one line.
func clip(text string, n int) string {
	text = strings.ReplaceAll(strings.TrimRight(clean(text), "\n"), "\n", " ↵ ")
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

// title is how the page calls a message: paul/17, or the text of one that is
// no operation.
func title(source string, seq int64, value string) string {
	if seq == 0 {
		return fmt.Sprintf("%q", clip(value, 38))
	}
	return clean(fmt.Sprintf("%s/%d", source, seq))
}

func messageTitle(m check.Message) string { return title(m.Source, m.Seq, m.Value) }

// moment is a time of a run, in as many digits as tell neighbours apart.
func moment(t int64) string {
	if t >= int64(10*time.Second) {
		return fmt.Sprintf("%.3f s", float64(t)/1e9)
	}
	return fmt.Sprintf("%.2f ms", float64(t)/1e6)
}

// span is a duration as a person says it.
func span(ns float64) string {
	switch {
	case ns == 0:
		return "0"
	case ns >= 1e9:
		return fmt.Sprintf("%.3g s", ns/1e9)
	case ns >= 1e6:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	case ns >= 1e3:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	}
	return fmt.Sprintf("%.0f ns", ns)
}

// period tells when a fault was in force.
func period(w explain.Window) string {
	if w.To == explain.Forever {
		return "from " + moment(w.From) + " to the end"
	}
	return moment(w.From) + " to " + moment(w.To)
}

// label is a fault and what it was put on, as a script has it.
func label(w explain.Window) string {
	target := w.Node
	if len(w.Links) == 1 {
		target = w.Links[0]
	}
	return clean(strings.Join(strings.Fields(w.Fault+" "+target+" "+w.Detail), " "))
}

// hopName is what stands at an arrow: the operation or, where an answer has no
// name of its own and bears that of its request, that it is one.
func hopName(e history.Event) string {
	if strings.HasPrefix(e.Msg, answerMark+e.Op) {
		return "answer"
	}
	return e.Op
}

// sentence ends a finding with a full stop, but for one that was cut short. It
// begins as it is: there is no Paul/17, nor a Client.
func sentence(text string) string {
	if strings.HasSuffix(text, "…") || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
