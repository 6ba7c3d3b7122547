package scenarios

import (
	"slices"
	"strings"
)

// groups reads A B | C.
func (p *parser) groups(c *cursor, decl *FaultWord, f *Fault) bool {
	before := len(p.list)
	start, _ := c.peek()
	seen := map[string]bool{}
	group := []string{}
	for {
		w, more := c.peek()
		if inside := more && w.text != "|" && !isTail(w, decl); inside {
			c.next++
			if seen[w.text] {
				p.add(w.pos, "%s stands in this partition twice", quote(w.text))
			}
			seen[w.text] = true
			p.node(w, "a partition")
			group = append(group, w.text)
			continue
		}
		if len(group) == 0 {
			p.add(w.pos, "a group without nodes; a partition is written: partition A B | C")
			return false
		}
		f.Groups = append(f.Groups, group)
		if w.text != "|" {
			break
		}
		c.next++
		group = []string{}
	}
	if len(f.Groups) == 1 {
		w, _ := c.peek()
		p.add(w.pos, "a partition has two sides; write | between them: partition A B | C")
		return false
	}
	if p.places != nil && len(p.list) == before && !slices.ContainsFunc(p.places.Links, func(link string) bool { return crosses(link, f.Groups) }) {
		p.add(start.pos, "no link joins these groups, so nothing would be cut; this system has the links %s", list(p.places.Links))
	}
	return true
}

// crosses tells whether a link leads from one of the groups to another.
func crosses(link string, groups [][]string) bool {
	from, to, _ := strings.Cut(link, "->")
	side := func(node string) int {
		return slices.IndexFunc(groups, func(g []string) bool { return slices.Contains(g, node) })
	}
	a, b := side(from), side(to)
	return a >= 0 && b >= 0 && a != b
}
