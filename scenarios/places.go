package scenarios

import (
	"slices"
	"strings"

	"faultlab/sim/param"
)

// places are what faults can be aimed at.
type places struct{ Nodes, Links []string }

func (s SystemWords) places(params param.Values) *places {
	nodes, links := s.Topology(params)
	return &places{nodes, links}
}

// node checks the name of a node that what is aimed at or is to be watched.
func (p *parser) node(w word, what string) {
	if p.places == nil || slices.Contains(p.places.Nodes, w.text) {
		return
	}
	if strings.Contains(w.text, "->") {
		p.add(w.pos, "%s takes a node, and %s is a link; this system has %s", what, quote(w.text), list(p.places.Nodes))
		return
	}
	p.unknown(w, "node", "this system has", p.places.Nodes, nil)
}

// link checks the name of a link that what is aimed at.
func (p *parser) link(w word, what string) {
	if p.places == nil || slices.Contains(p.places.Links, w.text) {
		return
	}
	from, to, _ := strings.Cut(w.text, "->")
	switch {
	case slices.Contains(p.places.Links, to+"->"+from):
		p.add(w.pos, "no link %s; the link is %s->%s, from who dials to who is dialled (downstream is the way back)", w.text, to, from)
	case slices.Contains(p.places.Nodes, w.text):
		p.add(w.pos, "%s takes a link, and %s is a node; this system has %s", what, w.text, list(p.places.Links))
	default:
		p.unknown(w, "link", "this system has", p.places.Links, nil)
	}
}
