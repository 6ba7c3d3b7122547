//go:build unix

package live

import (
	"maps"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// seated is the node at which a person sits, and the links that lead to it.
func seated(spec world.Spec, node string) (nodes []lab.Node, links []lab.Link) {
	for _, n := range spec.System.Nodes(spec.Scenario.Params) {
		if n.Name == node {
			nodes = append(nodes, n)
		}
	}
	for _, l := range spec.System.Links(spec.Scenario.Params) {
		if l.To == node {
			links = append(links, l)
		}
	}
	return nodes, links
}

// sit puts the person at their node, before it starts. The nodes that it dials
// run in other terminals, each behind the proxies of that.
func (h *house) sit() {
	h.cluster.person = terminal{h.service.In, h.service.Out}
	b := &h.cluster.seat(h.service.As).birth
	b.Person = true
	maps.Copy(b.Dial, h.service.To)
}

// rise notes how the node ended at which the person sat. What takes the
// cluster down tells of a crash.
func (h *house) rise(err error) {
	if h.cluster.seat(h.service.As).last().crashed() {
		err = nil
	}
	h.left <- err
}
