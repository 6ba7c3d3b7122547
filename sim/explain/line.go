package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Line is one step of a story.
type Line struct {
	T     int64  `json:"t"`     // ns since the start of the run
	Event int    `json:"event"` // which event of the history it tells of
	Text  string `json:"text"`
	// Fault is the id of the use of a fault that this step met, if one did.
	Fault string `json:"fault,omitempty"`

	weight weight
	kind   history.Kind
	node   string
}

// weight is how much of the story is lost without a line.
type weight int

const (
	aside weight = iota
	useful
	turning // the story turns here
)

// lines tells all that happened to a message.
func (c *Case) lines(m check.Message, thread []int) []Line {
	var all []Line
	if len(thread) == 0 {
		return nil
	}
	add := func(place int, w weight, fault, format string, args ...any) {
		e := c.Events[place]
		all = append(all, Line{T: e.T, Event: place, Fault: fault, Text: fmt.Sprintf(format, args...), weight: w, kind: e.Kind, node: e.Node})
	}
	stores := map[string]int{}
	var client string
	for _, place := range thread {
		e := c.Events[place]
		switch e.Kind {
		case history.Invoke:
			client = e.Node
			add(place, useful, "", "%s invoked %s", e.Node, title(e.Op, m))
		case history.OK:
			add(place, useful, "", "%s counted %s as done%s", e.Node, call(m), answered(e))
		case history.Info:
			add(place, useful, "", "%s gave up waiting and cannot know whether it happened%s", e.Node, because(e.Detail))
		case history.Fail:
			add(place, useful, "", "%s was told that it failed%s", e.Node, because(e.Detail))
		case history.Send:
			c.tellSend(place, thread, add)
		case history.Recv:
			// Its Send has told.
		case history.Decide:
			add(place, turning, "", "%s decided: %s", e.Node, c.Plain(e))
		case history.Store:
			stores[e.Node]++
			switch {
			case stores[e.Node] > 1:
				add(place, turning, "", "%s stored it again", e.Node)
			case e.Node == client:
				add(place, aside, "", "%s stored it", e.Node)
			default:
				add(place, useful, "", "%s stored it", e.Node)
			}
		}
	}
	for _, w := range c.felled(thread, Forever) {
		place := slices.IndexFunc(c.Events, func(e history.Event) bool { return e.Kind == history.Fault && e.ID == w.ID })
		add(place, turning, w.ID, "%s", fell(w))
	}
	slices.SortStableFunc(all, func(a, b Line) int { return cmp.Compare(a.Event, b.Event) })
	return all
}

// tellSend tells of a message that was sent, and of what became of it.
func (c *Case) tellSend(place int, thread []int, add func(int, weight, string, string, ...any)) {
	h, ok := c.hop(place)
	if !ok {
		return
	}
	what := "sent it"
	switch {
	case h.Answer:
		what = "answered"
	case h.Again:
		what = "sent it again"
	}
	to := ""
	if h.To != "" {
		to = " to " + h.To
	}
	if h.Recv != None {
		w := aside
		if h.Again {
			w = useful
		}
		if late, ok := c.held(h); ok {
			add(place, turning, late.ID, "%s %s%s, which had it %s later: “%s” was in the way", h.From, what, to,
				span(c.Events[h.Recv].T-c.Events[h.Send].T), late.name())
			return
		}
		add(place, w, "", "%s %s%s", h.From, what, to)
		return
	}
	noun := "the message"
	if h.Answer {
		noun = "the answer"
	}
	if w, ok := c.lostTo(h, c.wentOn(h, thread)); ok {
		add(place, turning, w.ID, "%s %s%s, and “%s” took %s away", h.From, what, to, w.name(), noun)
		return
	}
	add(place, useful, "", "%s %s%s, and %s never came", h.From, what, to, noun)
}

// fell says what a fault did to its node.
func fell(w Window) string {
	did := map[string]string{
		"kill": "was killed", "stop": "was stopped", "powercut": "lost its power, and with it what was not synced",
		"tear": "died in the middle of a write", "pause": "was paused", "overload": "turned requests away",
	}[w.Fault]
	return fmt.Sprintf("%s %s", w.Node, did)
}

// call is how a sentence calls a message.
func call(m check.Message) string {
	if m.Seq == 0 {
		return fmt.Sprintf("%q", clip(m.Value))
	}
	return fmt.Sprintf("%s/%d", m.Source, m.Seq)
}

func title(op string, m check.Message) string { return strings.TrimSpace(op + " " + call(m)) }

func because(detail string) string {
	if detail == "" {
		return ""
	}
	return ": " + clip(detail)
}

func answered(e history.Event) string {
	if e.Value == "" {
		return ""
	}
	return fmt.Sprintf(", with the answer %q", clip(e.Value))
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

// word finds what may be an identifier in the operands of a rule.
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

// moment is a time of a run as a person says it.
func moment(t int64) string { return span(t) }

func span(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f ms", float64(d)/1e6)
}
