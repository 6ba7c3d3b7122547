package explain

import (
	"cmp"
	"slices"

	"faultlab/sim/history"
)

// lostTo finds the fault that a message met on its way, for one that never
// came: a fault on its link, or one that took down the node that it came from
// or went to. until is when its sender went on without it.
//
// Of several the one that began nearest to the send is named, and of those on
// one link rather one that destroys than one that delays.
func (c *Case) lostTo(h Hop, until int64) (Window, bool) {
	sent := c.Events[h.Send].T
	var met []Window
	for _, w := range c.Windows {
		onLink := w.touches(h.Link, h.Answer)
		onNode := w.Node != "" && (w.Node == h.To || w.Node == h.From && w.From >= sent) && fells(w.Fault)
		if (onLink || onNode) && w.From <= until && w.To >= sent {
			met = append(met, w)
		}
	}
	if len(met) == 0 {
		return Window{}, false
	}
	distance := func(w Window) int64 {
		if w.From > sent {
			return w.From - sent
		}
		return sent - w.From
	}
	return slices.MinFunc(met, func(a, b Window) int {
		return cmp.Or(
			cmp.Compare(rank(b), rank(a)),
			cmp.Compare(distance(a), distance(b)),
			cmp.Compare(a.order(), b.order()),
		)
	}), true
}

// rank is higher for a fault that is more likely to have cost a message.
func rank(w Window) int {
	switch {
	case w.destroys() || fells(w.Fault):
		return 2
	case w.delays():
		return 1
	}
	return 0
}

// fells reports whether a fault on a node takes what it was working on.
func fells(fault string) bool {
	return slices.Contains([]string{"kill", "stop", "powercut", "tear", "pause", "overload"}, fault)
}

// held finds the fault that kept a message waiting that did come.
func (c *Case) held(h Hop) (Window, bool) {
	sent, came := c.Events[h.Send].T, c.Events[h.Recv].T
	for _, w := range c.Windows {
		slow := w.touches(h.Link, h.Answer) && w.delays() || w.Node == h.To && w.Fault == "pause"
		if slow && w.From <= came && w.To >= sent && came-sent >= noticeable {
			return w, true
		}
	}
	return Window{}, false
}

// noticeable is how long a message is on its way, in ns, when it is worth a
// word: longer than any hop of the virtual network.
const noticeable = 2_000_000

// wentOn is when the sender of a message went on without it: when it, or the
// message's client, did the next thing about it.
func (c *Case) wentOn(h Hop, thread []int) int64 {
	for _, place := range thread {
		e := c.Events[place]
		if place <= h.Send {
			continue
		}
		again := e.Kind == history.Send && (e.Node == h.From && !h.Answer || e.Node == h.To && h.Answer)
		if again || e.Kind == history.OK || e.Kind == history.Info || e.Kind == history.Fail {
			return e.T
		}
	}
	return Forever
}

// felled gives the faults that took down a node while it stood for the
// message: after the node first dealt with it, and before the thread ended.
func (c *Case) felled(thread []int, end int64) []Window {
	since := map[string]int64{}
	for _, place := range thread {
		e := c.Events[place]
		if _, known := since[e.Node]; !known && e.Node != "" && e.Kind != history.Final {
			since[e.Node] = e.T
		}
	}
	var met []Window
	for _, w := range c.Windows {
		first, known := since[w.Node]
		if known && w.From >= first && w.From <= end && fells(w.Fault) {
			met = append(met, w)
		}
	}
	return met
}
