package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"faultlab/sim/world"
)

// checkSeat refuses a node at which nobody can sit, and to serve a lab that has
// no other nodes.
func checkSeat(spec world.Spec, as string) error {
	var people []string
	nodes := spec.System.Nodes(spec.Scenario.Params)
	for _, n := range nodes {
		if n.Person {
			people = append(people, n.Name)
		}
	}
	switch {
	case as == "" && len(people) == len(nodes):
		return fmt.Errorf("people sit at all nodes of lab %s: run each in a terminal of its own\n%s", spec.System.Name, seats(spec))
	case as == "" || slices.Contains(people, as):
		return nil
	case len(people) == 0:
		return fmt.Errorf("-as %s: no node of lab %s takes a person", as, spec.System.Name)
	}
	return fmt.Errorf("-as %s: in lab %s a person can sit at %s only", as, spec.System.Name, strings.Join(people, ", "))
}

// seats lists the commands by which people sit down at a lab, a line each.
func seats(spec world.Spec) (commands string) {
	for _, n := range spec.System.Nodes(spec.Scenario.Params) {
		if n.Person {
			commands += fmt.Sprintf("\n  faultlab serve -as %s %s/%s", n.Name, spec.System.Name, spec.Variant.Name)
		}
	}
	return commands
}

// found tells where each node is that this one dials: on its documented port of
// 127.0.0.1, where the terminal that serves it opens that, or where moved says.
func found(spec world.Spec, as string, moved map[string]string) (map[string]string, error) {
	if as == "" && len(moved) > 0 {
		return nil, errors.New("-to tells where the node at which you sit finds another; say with -as which it is")
	}
	at := map[string]string{}
	for _, l := range spec.System.Links(spec.Scenario.Params) {
		if l.From == as && l.To != as {
			at[l.To] = net.JoinHostPort("127.0.0.1", strconv.Itoa(l.Port))
		}
	}
	for _, node := range slices.Sorted(maps.Keys(moved)) {
		addr := moved[node]
		if at[node] == "" {
			return nil, fmt.Errorf("-to %s: %s dials %v only", node, as, slices.Sorted(maps.Keys(at)))
		}
		if a, err := netip.ParseAddrPort(addr); err != nil || !a.Addr().IsLoopback() {
			return nil, fmt.Errorf("-to %s=%s is no loopback address and port; write it like %s=127.0.0.1:9000", node, addr, node)
		}
		at[node] = addr
	}
	return at, nil
}
