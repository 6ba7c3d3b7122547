package page

import (
	"math"
	"slices"
	"strings"

	"faultlab/sim/world"
)

// topology is the picture of the machines, the nodes on them and the links.
type topology struct {
	Width, Height float64
	Hosts         []host
	Links         []link
}

type host struct {
	Name                string
	X, Y, Width, Height float64
	Nodes               []box
}

type box struct {
	Name string
	X, Y float64 // its middle
	Keys string  // of the faults that were put on it
}

type link struct {
	Name           string
	X1, Y1, X2, Y2 float64
	Bend           float64 // how far to the right it swings, of one between hosts above one another
	Keys           string
}

// faultBadge names a fault on what it was put on.
type faultBadge struct {
	X, Y  float64
	Label string
}

// Badges are the faults on links. They stand nearer to the client, since at
// the service the links of many clients meet.
func (t topology) Badges() []faultBadge {
	var all []faultBadge
	for _, l := range t.Links {
		if l.Keys != "" {
			all = append(all, faultBadge{l.X1 + (l.X2-l.X1)*0.4 + l.Bend*0.75, l.Y1 + (l.Y2-l.Y1)*0.4 - 6, l.Keys})
		}
	}
	return all
}

// The topology's measures, in pixels.
const (
	boxWidth, boxHeight = 112.0, 32.0
	hostGapX, hostGapY  = 150.0, 18.0
	hostPad, hostTitle  = 10.0, 20.0
)

// topologyOf places hosts in layers, from who asks to who answers, and each
// layer in the middle of the height.
func topologyOf(rec world.Record, nodes []node, windows []window) topology {
	var t topology
	tops := map[int]float64{} // of each layer: how far down it is filled
	for _, n := range nodes {
		i := slices.IndexFunc(t.Hosts, func(h host) bool { return h.Name == n.Host })
		if i < 0 {
			i = len(t.Hosts)
			t.Hosts = append(t.Hosts, host{
				Name: n.Host, Width: boxWidth + 2*hostPad, Height: hostTitle + hostPad/2,
				X: 1 + float64(n.Layer)*(boxWidth+2*hostPad+hostGapX),
			})
		}
		h := &t.Hosts[i]
		h.Nodes = append(h.Nodes, box{Name: n.Name, Keys: keysOn(windows, func(w window) bool { return w.Node == n.Name })})
		h.Height += boxHeight + hostPad/2
	}
	layerOf := func(h host) int {
		return nodes[slices.IndexFunc(nodes, func(n node) bool { return n.Host == h.Name })].Layer
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		h.Y = 1 + tops[layerOf(*h)]
		tops[layerOf(*h)] += h.Height + hostGapY
		t.Height = max(t.Height, tops[layerOf(*h)]-hostGapY+2)
		t.Width = max(t.Width, h.X+h.Width+1)
	}
	at := map[string]box{}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		h.Y += (t.Height - 2 - tops[layerOf(*h)] + hostGapY) / 2
		for j := range h.Nodes {
			h.Nodes[j].X = h.X + h.Width/2
			h.Nodes[j].Y = h.Y + hostTitle + boxHeight/2 + float64(j)*(boxHeight+hostPad/2)
			at[h.Nodes[j].Name] = h.Nodes[j]
		}
	}
	for _, name := range rec.Links {
		from, to, _ := cutLink(name)
		a, known := at[from]
		b, too := at[to]
		if known && too {
			keys := keysOn(windows, func(w window) bool { return slices.Contains(w.Links, name) })
			t.Links = append(t.Links, t.link(name, keys, a, b))
		}
	}
	return t
}

func (t *topology) link(name, keys string, a, b box) link {
	l := link{Name: name, Keys: keys, X1: a.X + boxWidth/2, Y1: a.Y, X2: b.X - boxWidth/2, Y2: b.Y}
	switch {
	case a.X == b.X:
		l.X2 = b.X + boxWidth/2
		l.Bend = 30 + math.Abs(a.Y-b.Y)/6
		t.Width = max(t.Width, l.X1+l.Bend+40)
	case a.X > b.X:
		l.X1, l.X2 = a.X-boxWidth/2, b.X+boxWidth/2
	}
	return l
}

// keysOn lists the faults on one thing, many of them shortened.
func keysOn(windows []window, on func(window) bool) string {
	var keys []string
	for _, w := range windows {
		if on(w) {
			keys = append(keys, w.Key+" "+w.Fault)
		}
	}
	if len(keys) > 2 {
		keys = append(keys[:1], "… "+keys[len(keys)-1])
	}
	return strings.Join(keys, ", ")
}
