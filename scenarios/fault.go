package scenarios

import (
	"slices"
	"strings"
	"time"
)

// fault reads FAULT TARGET [upstream|downstream] [NAME=VALUE …] [for DURATION].
// What follows the target may stand in any order.
func (p *parser) fault(c *cursor) (Fault, bool) {
	name, ok := c.take("the fault")
	if !ok {
		return Fault{}, false
	}
	decl := p.voc.fault(name.text)
	if decl == nil {
		p.unknown(name, "fault", "there are", p.voc.faultNames(), faultSynonyms)
		return Fault{}, false
	}
	if decl.World != "" && p.s.World != decl.World {
		p.add(name.pos, "%s is possible only in the %s world; add the line: world %s", decl.Name, decl.World, decl.World)
	}
	f := Fault{Name: decl.Name}
	if !p.target(c, decl, &f) || !p.tail(c, decl, &f) {
		return Fault{}, false
	}
	p.carried(name, decl, &f)
	if f.Values, ok = p.values(decl.Attrs, f.Attrs, c.line.end, "attribute", decl.Name); ok && decl.Check != nil {
		if err := decl.Check(f.Values); err != nil {
			p.add(name.pos, "%s: %v", decl.Name, err)
		}
	}
	return f, true
}

// target reads what the fault is aimed at.
func (p *parser) target(c *cursor, decl *FaultWord, f *Fault) bool {
	if decl.On == OnGroups {
		return p.groups(c, decl, f)
	}
	if w, more := c.peek(); !more || isTail(w, decl) {
		p.add(w.pos, "%s needs a %s here", decl.Name, decl.On)
		return false
	}
	w, _ := c.take("the target")
	if after, _ := c.peek(); strings.HasSuffix(w.text, "->") || strings.HasPrefix(after.text, "->") {
		p.add(w.pos, "a link is written without spaces: FROM->TO")
		return false
	}
	if decl.On == OnLink {
		f.Link = w.text
		p.link(w, decl.Name)
	} else {
		f.Node = w.text
		p.node(w, decl.Name)
	}
	return true
}

// isTail tells a word that follows a target from one of the target.
func isTail(w word, decl *FaultWord) bool {
	return slices.Contains([]string{"for", "upstream", "downstream"}, w.text) ||
		strings.Contains(w.text, "=") || slices.Contains(decl.Attrs.Names(), w.text)
}

// tail reads what follows the target.
func (p *parser) tail(c *cursor, decl *FaultWord, f *Fault) bool {
	for {
		w, more := c.peek()
		if !more {
			return true
		}
		c.next++
		ok := true
		switch {
		case w.text == "for" && f.For > 0:
			p.add(w.pos, "a second for")
			ok = false
		case w.text == "for":
			f.For, ok = p.time(c, time.Nanosecond)
		case w.text == "upstream" || w.text == "downstream":
			p.direction(w, decl, f)
		case strings.Contains(w.text, "="):
			var a Assign
			if a, ok = p.assign(w); ok {
				f.Attrs = append(f.Attrs, a)
			}
		default:
			p.unexpected(w, decl)
			ok = false
		}
		if !ok {
			return false
		}
	}
}

func (p *parser) direction(w word, decl *FaultWord, f *Fault) {
	switch {
	case decl.On != OnLink:
		p.add(w.pos, "%s has no direction: it does not act on one link", decl.Name)
	case decl.Undirected:
		p.add(w.pos, "%s has no direction: it takes the link as a whole", decl.Name)
	case f.Direction != "":
		p.add(w.pos, "a second direction; leave both away for both ways")
	}
	f.Direction = w.text
}

// unexpected reports a word after the target that is no part of a fault.
func (p *parser) unexpected(w word, decl *FaultWord) {
	write, found := meant(w.text, []string{"upstream", "downstream", "for"}, directionSynonyms)
	i := slices.Index(decl.Attrs.Names(), w.text)
	switch {
	case isDuration(w.text):
		p.add(w.pos, "unexpected %s; for how long is written: for %s", quote(w.text), w.text)
	case i >= 0:
		p.add(w.pos, "%s has no value; write %s=VALUE, without spaces around the =", w.text, w.text)
	case found:
		p.add(w.pos, "unexpected %s (did you mean %s?)", quote(w.text), write)
	default:
		p.add(w.pos, "unexpected %s; after the target come a direction, attributes (NAME=VALUE) and: for DURATION", quote(w.text))
	}
}
