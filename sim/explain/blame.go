package explain

import (
	"cmp"
	"slices"

	"faultlab/sim/history"
)

// lostTo finds the fault that a message met on its way, for one that never
// came: a fault on its link, or one on the node that it came from or went to.
// until is when its sender went on without it.
//
// Of several the one that began nearest to the send is named, and rather one
// that destroys than one that delays. A node that dies long after the message
// must have reached it did not lose it: it had not taken it.
func (c *Case) lostTo(h Hop, until int64) (Window, bool) {
	sent := c.Events[h.Send].T
	slow := slices.ContainsFunc(c.Windows, func(w Window) bool {
		return w.delays() && w.touches(h.Link, h.Answer) && w.From <= until && w.To >= sent
	})
	var met []Window
	for _, w := range c.Windows {
		from := c.Events[w.place].T
		onLink := w.touches(h.Link, h.Answer) && w.rank() > 0
		onNode := w.rank() > 0 && w.Node != "" && (w.Node == h.To || w.Node == h.From && from >= sent) &&
			(slow || from-sent <= underway)
		if (onLink || onNode) && from <= until && w.To >= sent {
			met = append(met, w)
		}
	}
	if len(met) == 0 {
		return Window{}, false
	}
	distance := func(w Window) int64 { return max(w.From-sent, sent-w.From) }
	return slices.MinFunc(met, func(a, b Window) int {
		return cmp.Or(
			cmp.Compare(b.rank(), a.rank()),
			cmp.Compare(distance(a), distance(b)),
			cmp.Compare(a.order(), b.order()),
		)
	}), true
}

// underway is how long a message that nothing delays is under way at most, in
// ns: well above a hop of the virtual network, and of a busy machine.
const underway = 20_000_000

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

// maimed finds the fault that let only a part of a message through, or other
// bytes than were sent.
func (c *Case) maimed(h Hop) (Window, bool) {
	for _, w := range c.Windows {
		partly := slices.Contains([]string{"limit_data", "corrupt", "truncate"}, w.Fault)
		if partly && w.touches(h.Link, h.Answer) && w.From <= c.Events[h.Recv].T && w.To >= c.Events[h.Send].T {
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

// felled gives the faults that ended a node, or made it stand still, while it
// stood for the message: while it owed an answer; after it had stored what in
// the end is nowhere; and those that reruns have shown to matter. Others it
// survived.
func (c *Case) felled(n name, thread []int, took proven) []Window {
	var met []Window
	forgot := map[string]bool{}
	for _, w := range c.Windows {
		if !w.kills() && w.Fault != "pause" {
			continue
		}
		switch {
		case took.matters(w.ID), c.owed(w, thread):
			met = append(met, w)
		case w.kills() && c.absent(n) && !forgot[w.Node] && c.stored(w.Node, w.place, thread):
			forgot[w.Node] = true
			met = append(met, w)
		}
	}
	return met
}

// stored reports whether the node's last store of the message is before a place
// in the history.
func (c *Case) stored(node string, before int, thread []int) bool {
	last := None
	for _, place := range thread {
		if e := c.Events[place]; e.Kind == history.Store && e.Node == node {
			last = place
		}
	}
	return last != None && last < before
}

// owed reports whether a fault ended its node, or stopped it, between a request about the
// message and the answer to it.
func (c *Case) owed(w Window, thread []int) bool {
	for _, place := range thread {
		h, ok := c.hop(place)
		if !ok || h.Answer || h.Recv != place || h.To != w.Node || place > w.place {
			continue
		}
		reply := answer + c.Events[h.Send].Msg
		replied := slices.ContainsFunc(thread, func(p int) bool {
			e := c.Events[p]
			return p > place && p < w.place && e.Kind == history.Send && e.Node == w.Node && e.Msg == reply
		})
		if !replied && c.wentOn(h, thread) >= c.Events[w.place].T {
			return true
		}
	}
	return false
}

// within finds a fault inside a node, of its clock or its disk, that was in
// force when the node dealt with the message.
func (c *Case) within(thread []int) (Window, bool) {
	for _, w := range c.Windows {
		inside := slices.Contains([]string{"skew", "enospc", "eio", "syncfail"}, w.Fault)
		if inside && slices.ContainsFunc(thread, func(p int) bool {
			e := c.Events[p]
			return e.Node == w.Node && e.Kind != history.Final && w.during(e.T)
		}) {
			return w, true
		}
	}
	return Window{}, false
}
