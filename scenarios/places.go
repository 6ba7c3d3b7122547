package scenarios

import (
	"slices"
	"strings"

	"faultlab/sim/param"
)

// places are what faults can be aimed at.
type places struct{ Nodes, Links, Packets []string }

func (s SystemWords) places(params param.Values) *places {
	nodes, links := s.Topology(params)
	p := &places{Nodes: nodes, Links: links}
	if s.Packets != nil {
		p.Packets = s.Packets(params)
	}
	return p
}

// carrier tells what a link carries.
func (p places) carrier(link string) Carrier {
	if slices.Contains(p.Packets, link) {
		return Datagrams
	}
	return Streams
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

// carried checks that a fault can act on what its link carries. name is the
// fault's word.
func (p *parser) carried(name word, decl *FaultWord, f *Fault) {
	if decl.On != OnLink || p.places == nil || !slices.Contains(p.places.Links, f.Link) {
		return
	}
	carries := p.places.carrier(f.Link)
	if !decl.ActsOn(carries) {
		p.add(name.pos, "%s acts on %s; %s carries %s (%s)", decl.Name, decl.Only, f.Link, carries, list(p.voc.linkFaultsOn(carries)))
		return
	}
	for _, a := range f.Attrs {
		if carries == Streams && slices.Contains(decl.OnlyPackets, a.Name) {
			p.add(a.Pos, "%s acts on datagrams; %s carries streams", a.Name, f.Link)
		}
	}
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
