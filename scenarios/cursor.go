package scenarios

// cursor walks the words of a line.
type cursor struct {
	*mistakes
	line *line
	next int
}

// peek gives the next word without taking it; ok is false at the end.
func (c *cursor) peek() (w word, ok bool) {
	if c.next == len(c.line.words) {
		return word{pos: c.line.end}, false
	}
	return c.line.words[c.next], true
}

// take gives the next word. If there is none, it reports what is missing.
func (c *cursor) take(what string) (w word, ok bool) {
	w, ok = c.peek()
	if ok {
		c.next++
		return w, true
	}
	hint := ""
	if c.line.note.Beside != "" {
		hint = "; what follows a # is a comment"
	}
	c.add(w.pos, "%s is missing here%s", what, hint)
	return w, false
}

// done reports words that nothing more is made of.
func (c *cursor) done() bool {
	w, more := c.peek()
	if more {
		c.add(w.pos, "unexpected %s: the line is complete before it", quote(w.text))
	}
	return !more
}
