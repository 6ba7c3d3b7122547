package check

import (
	"slices"
	"strings"
)

// path is all that an operation of one client may pass: the client, every
// link and node that can be reached from it, and the machines they stand on.
type path struct{ nodes, links, hosts map[string]bool }

func (r *Run) path(client string) path {
	p := path{nodes: map[string]bool{}, links: map[string]bool{}, hosts: map[string]bool{}}
	for next := []string{client}; len(next) > 0; next = next[1:] {
		node := next[0]
		if p.nodes[node] {
			continue
		}
		p.nodes[node] = true
		p.hosts[r.host(node)] = true
		for _, link := range r.Facts.Links {
			if from, to, _ := strings.Cut(link, "->"); from == node {
				p.links[link] = true
				next = append(next, to)
			}
		}
	}
	return p
}

// host is the machine of a node; one that is not told is its own.
func (r *Run) host(node string) string {
	if host, ok := r.Facts.Hosts[node]; ok {
		return host
	}
	return node
}

// ofProcess are the faults of a node that leave the others on its machine
// alone. All others count for the whole machine: its nodes share its disk, its
// clock and its power.
var ofProcess = []string{"kill", "stop", "pause", "overload", "tear"}

// touches reports whether a fault is on the path. One that names no target,
// as a partition does, may be anywhere. In doubt it is on the path: then
// isolated claims less, and blames nobody wrongly.
func (r *Run) touches(f active, p path) bool {
	switch {
	case f.link != "":
		return p.links[f.link]
	case f.node == "":
		return true
	case slices.Contains(ofProcess, f.op):
		return p.nodes[f.node]
	}
	return p.hosts[r.host(f.node)]
}

// disturbed tells when a fault was on the path of a client's operations.
func (r *Run) disturbed(client string, faults []active, absence map[string]spans) spans {
	p := r.path(client)
	var all []span
	for _, f := range faults {
		if r.touches(f, p) {
			all = append(all, f.span)
		}
	}
	for node := range p.nodes {
		all = append(all, absence[node].apart...)
	}
	return merged(all)
}
