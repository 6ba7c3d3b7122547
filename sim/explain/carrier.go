package explain

import (
	"faultlab/sim/history"
)

// carried tells of a message whose trail ends where it was invoked: what the
// node was doing that should have carried it on. ok is false where the trail
// goes on, or no such node is known.
//
// That node has taken the message for no message: a file that is emptied takes
// all that is in it. So its part in the story bears no number, and is found by
// its place: the rule that it was carrying out at that moment, or the next that
// it applied.
func (t *teller) carried(n name) {
	end := None
	for _, place := range t.thread {
		e := t.Events[place]
		if e.Kind == history.Send || e.Kind == history.Recv {
			return
		}
		if e.Kind != history.Final {
			end = place
		}
	}
	node := t.carrier(n)
	if end == None || node == "" {
		return
	}
	if place := t.ruling(node, end); place != None {
		t.add(place, turning, "", "%s decided “%s”", node, t.Plain(t.Events[place]))
		return
	}
	t.stuck(node, end)
}

// carrier is the node that sends on what a source says: the first to send any
// other of its messages.
func (c *Case) carrier(n name) string {
	for _, h := range c.Hops {
		e := c.Events[h.Send]
		if h.Answer {
			continue
		}
		other, ok := name{e.Source, e.Seq}, e.Seq != 0
		if !ok {
			other, ok = c.numb[e.ID]
		}
		if ok && other.source == n.source && h.From != c.client(n) {
			return h.From
		}
	}
	return ""
}

// ruling is the place of the rule about no message in particular that the node
// was carrying out at a place in the history, or of the next that it applied.
func (c *Case) ruling(node string, at int) int {
	free := func(e history.Event) bool { return e.Kind == history.Decide && e.Seq == 0 && e.ID == "" }
	for place := at; place >= 0; place-- {
		e := c.Events[place]
		if e.Node != node || e.Kind == history.Print || e.Kind == history.Fault || e.Kind == history.Pause {
			continue
		}
		if free(e) && c.interrupted(node, place, at) {
			return place
		}
		break
	}
	for place := at; place < len(c.Events); place++ {
		if e := c.Events[place]; e.Node == node && free(e) {
			return place
		}
	}
	return None
}

// interrupted reports whether a fault came over the node between two places: it
// had not yet done what it had decided.
func (c *Case) interrupted(node string, from, to int) bool {
	for _, w := range c.Windows {
		if w.Node == node && w.place >= from && w.place <= to && c.Events[to].T <= w.To {
			return true
		}
	}
	return false
}

// stuck tells of the message that the node was still at, and had no answer to.
func (t *teller) stuck(node string, end int) {
	last := None
	for i, h := range t.Hops {
		if h.From == node && !h.Answer {
			last = i
		}
	}
	if last == None {
		return
	}
	h := t.Hops[last]
	msg := t.Events[h.Send].Msg
	first := h.Send
	for _, other := range t.Hops {
		if other.From != node || t.Events[other.Send].Msg != msg {
			continue
		}
		first = min(first, other.Send)
	}
	for _, other := range t.Hops {
		if other.To == node && other.Answer && other.Recv != None && t.Events[other.Send].Msg == answer+msg && other.Recv > first {
			return // it was answered in the end
		}
	}
	n, ok := t.numb[t.Events[h.Send].ID]
	if !ok {
		n = name{t.Events[h.Send].Source, t.Events[h.Send].Seq}
	}
	if w, ok := t.lostTo(t.Hops[t.sent[first]], Forever); ok {
		t.add(first, turning, w.ID, "%s sent %s to %s, never to have an answer: “%s”", node, n, h.To, w.Name())
		return
	}
	t.add(first, turning, "", "%s sent %s to %s, and sent it again for ever after", node, n, h.To)
}
