package page

import (
	"cmp"
	"slices"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

// node is one line of the diagrams.
type node struct {
	Name, Host string
	Layer      int // of its host: how many links it takes from a client's host
}

// nodesOf lists the nodes in the order in which requests pass them: whoever
// asks before whoever answers, those of one host together. Arrows then mostly
// point one way, and seldom cross a line.
func nodesOf(rec world.Record, events []history.Event) []node {
	hosts := map[string]string{}
	for name, host := range rec.Hosts {
		hosts[name] = host
	}
	for _, e := range events {
		if _, known := hosts[e.Node]; !known && e.Node != "" {
			hosts[e.Node] = e.Node
		}
	}
	linked := map[string]bool{}
	next := map[string][]string{} // host → hosts
	for _, l := range rec.Links {
		from, to, _ := cutLink(l)
		linked[from], linked[to] = true, true
		if a, b := hosts[from], hosts[to]; a != b {
			next[a] = append(next[a], b)
		}
	}
	layers := layer(next)
	var all []node
	for name, host := range hosts {
		all = append(all, node{Name: name, Host: host, Layer: layers[host]})
	}
	asked := func(n node) int { // within a host: whoever talks to the outside stands last
		if linked[n.Name] {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b node) int {
		return cmp.Or(
			cmp.Compare(a.Layer, b.Layer),
			natural(a.Host, b.Host),
			cmp.Compare(asked(a), asked(b)),
			natural(a.Name, b.Name),
		)
	})
	return all
}

// layer gives for each host the length of the longest way to it that does not
// come back to where it was.
func layer(next map[string][]string) map[string]int {
	longest := map[string]int{}
	pointed := map[string]bool{}
	for _, to := range next {
		for _, host := range to {
			pointed[host] = true
		}
	}
	var walk func(host string, depth int, passed []string)
	walk = func(host string, depth int, passed []string) {
		if slices.Contains(passed, host) || depth > 0 && depth <= longest[host] {
			return
		}
		longest[host] = depth
		for _, to := range next[host] {
			walk(to, depth+1, append(passed[:len(passed):len(passed)], host))
		}
	}
	for host := range next {
		if !pointed[host] {
			walk(host, 0, nil)
		}
	}
	return longest
}

// natural compares names so that client10 stands behind client2.
func natural(a, b string) int {
	stem := func(s string) string { return strings.TrimRight(s, "0123456789") }
	if stem(a) == stem(b) {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	}
	return strings.Compare(a, b)
}

// place finds a node's line.
func place(nodes []node, name string) int {
	return slices.IndexFunc(nodes, func(n node) bool { return n.Name == name })
}

// cutLink splits the name of a link into its nodes.
func cutLink(name string) (from, to string, ok bool) { return strings.Cut(name, "->") }
