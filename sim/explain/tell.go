package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

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

	about  string // the message or operation that it tells of
	said   string // the text with "it" for that, which was named before
	named  string // the text with its name
	weight weight
	kind   history.Kind
	node   string
	stores bool   // the node stored the message
	into   string // where to, if the node says so
	again  bool   // the node did so before
}

// weight is how much of the story is lost without a line.
type weight int

const (
	aside   weight = iota // it goes without saying
	useful                // it is good to know
	telling               // it is part of the story
	turning               // the story turns here
)

// it stands for the message in a text until it is known whether the reader has
// heard its name.
const it = "\x00"

// about is where a text that can do without the message names it if it must.
const about = "\x01"

// teller writes the lines about one message.
type teller struct {
	*Case
	message check.Message
	stray   string // the entry that the story is of, if that is no message
	thread  []int
	lines   []Line
}

// lines tells all that happened to a message, step by step. took are the
// faults that reruns have shown to matter.
func (c *Case) lines(m check.Message, took proven) []Line {
	return c.linesUntil(m, took, len(c.Events))
}

// linesUntil tells what happened to it before a place in the history.
func (c *Case) linesUntil(m check.Message, took proven, end int) []Line {
	t := teller{Case: c, message: m, thread: c.Thread(m)}
	n := name{m.Source, m.Seq}
	if origin, ok := c.origin(m); m.Seq == 0 && ok {
		n, t.stray = origin, m.Value
		t.message = check.Message{Source: n.source, Seq: n.seq, Value: c.value(n)}
	}
	client := c.client(n)
	stores := map[string]int{}
	for _, place := range t.thread {
		e := c.Events[place]
		switch e.Kind {
		case history.Invoke:
			t.add(place, useful, "", "%s invoked %s %s", e.Node, e.Op, n).about = t.name()
		case history.OK:
			t.add(place, telling, "", "%s counted %s as done%s", e.Node, it, given(e))
		case history.Info:
			t.add(place, telling, "", "%s gave %s up and cannot know whether it happened%s", e.Node, it, because(e.Detail))
		case history.Fail:
			t.add(place, telling, "", "%s was told that %s failed%s", e.Node, it, because(e.Detail))
		case history.Send:
			t.send(place)
		case history.Recv:
			t.receive(place)
		case history.Decide:
			t.add(place, telling, "", "%s decided “%s”", e.Node, c.Plain(e))
		case history.Store:
			if t.strays(e) {
				t.add(place, turning, "", "%s stored “%s”", e.Node, clip(e.Value))
				continue
			}
			stores[e.Node]++
			t.store(place, client, stores[e.Node] > 1)
		}
	}
	for _, w := range c.felled(n, t.thread, took) {
		if !slices.ContainsFunc(t.lines, func(l Line) bool { return l.Fault == w.ID }) {
			t.add(w.place, telling, w.ID, "%s", w.did())
		}
	}
	if c.absent(n) {
		t.carried(n)
	}
	slices.SortStableFunc(t.lines, func(a, b Line) int { return cmp.Compare(a.Event, b.Event) })
	t.lines = slices.DeleteFunc(t.lines, func(l Line) bool { return l.Event >= end })
	return fold(t.lines)
}

func (t *teller) add(place int, w weight, fault, format string, args ...any) *Line {
	e := t.Events[place]
	text := fmt.Sprintf(format, args...)
	named := strings.Replace(text, about, " about "+t.name(), 1)
	if named == text {
		named = strings.Replace(text, it, t.name(), 1)
	}
	whose := ""
	if text != pronouns.Replace(text) {
		whose = t.name()
	}
	t.lines = append(t.lines, Line{
		T: e.T, Event: place, about: whose, said: pronouns.Replace(text), Fault: fault, named: pronouns.Replace(named), weight: w, kind: e.Kind, node: e.Node,
	})
	return &t.lines[len(t.lines)-1]
}

// pronouns fills in what stands for the message where it was named before.
var pronouns = strings.NewReplacer(it, "it", about, "")

// name is how a sentence calls the message when it comes up first: by its
// operation and number.
func (t *teller) name() string {
	if place, ok := t.invokes[name{t.message.Source, t.message.Seq}]; ok {
		return t.Events[place].Op + " " + call(t.message)
	}
	return call(t.message)
}

// store tells of a store. One that follows the rule that led to it shares its
// line.
func (t *teller) store(place int, client string, again bool) {
	e := t.Events[place]
	stored := "stored " + it
	if e.Value != "" && e.Value != t.message.Value {
		stored = fmt.Sprintf("stored “%s”", clip(e.Value))
	}
	if again {
		stored += " again"
	}
	rule, ruled := t.ruledBy(e.Node)
	if e.Detail != "" && !(ruled && e.Detail == t.Events[rule].Detail) {
		stored += ", as " + clip(e.Detail)
	}
	if ruled {
		place = rule
		stored = fmt.Sprintf("decided “%s” and %s", t.Plain(t.Events[rule]), stored)
		t.lines = t.lines[:len(t.lines)-1]
	}
	w := telling
	switch {
	case e.Node == client:
		w = aside
	case again:
		w = turning
	}
	l := t.add(place, w, "", "%s %s", e.Node, stored)
	l.stores, l.into, l.again = true, e.Detail, again
}

// ruledBy is the place of the rule that the node has just applied, in the line
// before.
func (t *teller) ruledBy(node string) (place int, ok bool) {
	if len(t.lines) == 0 {
		return None, false
	}
	l := t.lines[len(t.lines)-1]
	return l.Event, l.kind == history.Decide && l.node == node
}

// receive tells of a message that came with other bytes than were sent, so
// that nothing pairs it with its Send. What came as it was sent, its Send tells.
func (t *teller) receive(place int) {
	if e := t.Events[place]; t.strays(e) {
		t.add(place, telling, "", "%s received “%s”, which nobody had sent", e.Node, clip(e.Value))
	}
}

// strays reports whether an event is about the entry that is no message, and
// not about the operation that it was.
func (t *teller) strays(e history.Event) bool { return t.stray != "" && e.Value == t.stray }

// given is the answer that a client took for its operation.
func given(e history.Event) string {
	switch {
	case e.Value != "":
		return fmt.Sprintf(", with the answer “%s”", clip(e.Value))
	case e.ID != "" && len(e.ID) <= 6:
		return ", with the identifier " + e.ID
	}
	return ""
}

// fold makes one line of many that say the same: who is refused asks again, a
// hundred times over. Of stores the last is told, which is what the log has; of
// all else the first.
func fold(lines []Line) []Line {
	type saying struct{ node, fault, text string }
	key := func(l Line) saying { return saying{l.node, l.Fault, figures(l.said)} }
	times, first, last := map[saying]int{}, map[saying]int{}, map[saying]int{}
	for i, l := range lines {
		k := key(l)
		if times[k] == 0 {
			first[k] = i
		}
		times[k]++
		last[k] = i
	}
	var kept []Line
	for i, l := range lines {
		k := key(l)
		more := ""
		switch n := times[k]; {
		case n == 1, n == 2 && l.stores:
		case n == 2 && i == first[k]:
			more = fmt.Sprintf(", and again at %s", span(lines[last[k]].T))
		case l.stores && i == last[k]:
			more = fmt.Sprintf(", as %d times since %s", n, span(lines[first[k]].T))
		case !l.stores && i == first[k]:
			more = fmt.Sprintf(", and so %d times until %s", n, span(lines[last[k]].T))
		default:
			continue
		}
		l.said, l.named = l.said+more, l.named+more
		kept = append(kept, l)
	}
	return kept
}

// figures leaves out the numbers of a text: a wait of 301 ms and one of 298 are
// alike. Those of names stay: what went to receiver2 did not go to receiver3.
func figures(text string) string { return figure.ReplaceAllString(text, "") }

var figure = regexp.MustCompile(`\b[0-9][0-9.]*`)
