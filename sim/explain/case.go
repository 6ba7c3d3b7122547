// Package explain tells how a verdict came about: what happened to the message
// that it names, hop by hop, which fault met it, and which rule failed. It
// reads the history alone, so that a saved run explains itself.
//
//	history ── hops, windows ─┐
//	verdict ── message ───────┴─ thread ── blame ── story
//
// That the named fault is the cause no history can prove. The counterfactual
// does: the same run without that fault.
package explain

import (
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
	// numb tells the operation of an identifier, threads where the events of an
	// operation stand.
	numb    map[string]name
	threads map[name][]int
}

// name is how people call an operation.
type name struct {
	source string
	seq    int64
}

// Open prepares a history, which must be in its order.
func Open(events []history.Event) *Case {
	c := &Case{Events: events, Hops: hops(events), Windows: windows(events), sent: map[int]int{}, came: map[int]int{}}
	for i, h := range c.Hops {
		c.sent[h.Send] = i
		if h.Recv != None {
			c.came[h.Recv] = i
		}
	}
	c.numb = names(events)
	c.threads = c.index()
	return c
}

// names tells which operation an identifier means, where it means one only.
func names(events []history.Event) map[string]name {
	known := map[string]name{}
	shared := map[string]bool{}
	for _, e := range events {
		if e.ID == "" || e.Seq == 0 || e.Source == "" {
			continue
		}
		n := name{e.Source, e.Seq}
		if other, ok := known[e.ID]; ok && other != n {
			shared[e.ID] = true
		}
		known[e.ID] = n
	}
	for id := range shared {
		delete(known, id)
	}
	return known
}

// index gathers the places of the events about each operation, in order: those
// that bear its number, and those without a number that bear an identifier
// which nothing but this operation has.
func (c *Case) index() map[name][]int {
	threads := map[name][]int{}
	for i, e := range c.Events {
		n, ok := name{e.Source, e.Seq}, e.Seq != 0 && e.Source != ""
		if !ok && e.Kind != history.Fault && e.Kind != history.Heal {
			n, ok = c.numb[e.ID]
			ok = ok && (e.Source == "" || e.Source == n.source)
		}
		if ok {
			threads[n] = append(threads[n], i)
		}
	}
	return threads
}

// Thread gives the places of the events about a message, in order. One that is
// no operation is followed by its text.
func (c *Case) Thread(m check.Message) []int {
	if m.Seq != 0 {
		return c.threads[name{m.Source, m.Seq}]
	}
	var places []int
	for i, e := range c.Events {
		if m.Value != "" && e.Value == m.Value && e.Kind != history.Print {
			places = append(places, i)
		}
	}
	return places
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
