package explain

import "faultlab/sim/history"

// Subject tells which operation the event at a place is about: the one whose
// number it bears, or else the only one that has its identifier. ok is false
// where it is about none, or nothing tells.
func (c *Case) Subject(place int) (source string, seq int64, ok bool) {
	e := c.Events[place]
	n, ok := name{e.Source, e.Seq}, e.Seq != 0 && e.Source != ""
	if !ok && e.Kind != history.Fault && e.Kind != history.Heal {
		n, ok = c.numb[e.ID]
		ok = ok && (e.Source == "" || e.Source == n.source)
	}
	return n.source, n.seq, ok
}

// Took finds the fault that took a message away which never came.
func (c *Case) Took(h Hop) (w Window, ok bool) {
	if h.Recv != None {
		return Window{}, false
	}
	source, seq, _ := c.Subject(h.Send)
	return c.lostTo(h, c.wentOn(h, c.threads[name{source, seq}]))
}
