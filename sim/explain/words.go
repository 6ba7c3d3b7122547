package explain

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// call is how a sentence calls a message.
func call(m check.Message) string {
	if m.Seq == 0 {
		return fmt.Sprintf("“%s”", clip(m.Value))
	}
	return fmt.Sprintf("%s/%d", m.Source, m.Seq)
}

// clip shortens a text to what fits in a sentence.
func clip(text string) string {
	const most = 60
	text, _, _ = strings.Cut(text, "\n")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// because appends a reason to a sentence.
func because(detail string) string {
	if detail == "" {
		return ""
	}
	// What gRPC puts before the message says nothing that the message does not.
	if _, message, ok := strings.Cut(detail, " desc = "); ok {
		detail = message
	}
	return ": " + clip(detail)
}

// sentence ends a text with a full stop, but for one that was cut short.
func sentence(text string) string {
	if strings.HasSuffix(text, "…") || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// word finds what may be an identifier in a sentence.
var word = regexp.MustCompile(`[^\s,;:()=<>≤≥]+`)

// Plain is the rule that a Decide event applied, with the identifiers of
// operations replaced by their numbers: "17 > 17 = false → store" for the times
// in nanoseconds that the original compares.
func (c *Case) Plain(e history.Event) string {
	return word.ReplaceAllStringFunc(e.Detail, func(id string) string {
		n, ok := c.numb[id]
		switch {
		case !ok || len(id) < 6:
			return id
		case n.source == e.Source:
			return fmt.Sprint(n.seq)
		}
		return fmt.Sprintf("%s/%d", n.source, n.seq)
	})
}

// span is a time of a run, or a length of time, as a person says it. Half a
// millisecond is told apart only where hops take no longer.
func span(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second-time.Millisecond/2: // 999.9 ms are no 1000
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f ms", float64(d)/1e6)
}
