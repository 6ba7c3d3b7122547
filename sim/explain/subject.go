package explain

// Subject tells which operation the event at a place is about. ok is false
// where it is about none, or nothing tells.
func (c *Case) Subject(place int) (source string, seq int64, ok bool) {
	n, ok := c.about[place]
	return n.source, n.seq, ok
}

// Took finds the fault that took a message away which never came.
func (c *Case) Took(h Hop) (w Window, ok bool) {
	if h.Recv != None {
		return Window{}, false
	}
	return c.lostTo(h, c.wentOn(h, c.threads[c.about[h.Send]]))
}
