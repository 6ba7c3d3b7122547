// Package explain tells how a verdict came about: what happened to the message
// that it names, hop by hop, which fault met it, and which rule failed. It
// reads the history alone, so that a saved run explains itself.
//
//	history ── hops, windows ─┐
//	verdict ── message ───────┴─ thread ── lines ── blame ── story
//
// That the named fault is the cause no history can prove. The counterfactual
// does: the same run without that fault.
package explain

import (
	"fmt"
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Case is a history prepared for telling.
type Case struct {
	Events  []history.Event
	Hops    []Hop    // by their Send
	Windows []Window // by their begin

	sent map[int]int // place of a Send → its hop
	came map[int]int // place of a Recv → its hop
	// hears has the nodes that record what they receive.
	hears map[string]bool

	invokes map[name]int   // where each operation was invoked first
	threads map[name][]int // where the events about each operation stand, in order
	about   map[int]name   // and the other way round
	entries map[name][]int // those of them that are entries of the log
	// numb tells the operation of an identifier.
	numb map[string]name
}

// name is how people call an operation.
type name struct {
	source string
	seq    int64
}

func (n name) String() string { return fmt.Sprintf("%s/%d", n.source, n.seq) }

// Open prepares a history, which must be in its order. facts are those of its
// run: they tell which operation an entry of the log is.
func Open(events []history.Event, facts check.Facts) *Case {
	c := &Case{
		Events: events, Hops: hops(events, facts.Links), Windows: windows(events),
		sent: map[int]int{}, came: map[int]int{}, hears: map[string]bool{},
		invokes: map[name]int{}, entries: map[name][]int{}, threads: map[name][]int{}, about: map[int]name{},
	}
	for i, h := range c.Hops {
		c.sent[h.Send] = i
		if h.Recv != None {
			c.came[h.Recv] = i
		}
	}
	for i, e := range events {
		if e.Kind == history.Recv {
			c.hears[e.Node] = true
		}
		n := name{e.Source, e.Seq}
		if _, known := c.invokes[n]; e.Kind == history.Invoke && !known {
			c.invokes[n] = i
		}
	}
	for _, e := range check.New(events, facts).Entries() {
		if e.Seq != 0 {
			n := name{e.Source, e.Seq}
			c.entries[n] = append(c.entries[n], e.Place)
		}
	}
	c.numb = c.names()
	c.index()
	return c
}

// hop is the hop that a Send begins or a Recv ends.
func (c *Case) hop(place int) (Hop, bool) {
	if i, ok := c.sent[place]; ok {
		return c.Hops[i], true
	}
	if i, ok := c.came[place]; ok {
		return c.Hops[i], true
	}
	return Hop{}, false
}

// window finds a use of a fault.
func (c *Case) window(id string) (Window, bool) {
	i := slices.IndexFunc(c.Windows, func(w Window) bool { return w.ID == id })
	if i < 0 {
		return Window{}, false
	}
	return c.Windows[i], true
}

// absent reports whether an operation stands nowhere in the log.
func (c *Case) absent(n name) bool { return len(c.entries[n]) == 0 }

// client is the node that invoked an operation.
func (c *Case) client(n name) string {
	if place, ok := c.invokes[n]; ok {
		return c.Events[place].Node
	}
	return ""
}
