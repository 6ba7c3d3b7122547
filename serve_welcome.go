package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// welcome tells what is where, and what to try.
func welcome(spec world.Spec, s live.Service, places []live.Place, api string) string {
	var text strings.Builder
	name := spec.System.Name + "/" + spec.Variant.Name
	if s.As == "" {
		fmt.Fprintf(&text, "%s is up.\n", name)
	} else {
		fmt.Fprintf(&text, "You sit at %s of %s.\n", s.As, name)
	}
	for _, node := range slices.Sorted(maps.Keys(s.To)) {
		fmt.Fprintf(&text, "It looks for %s on %s.\n", node, s.To[node])
	}
	if len(places) > 0 {
		text.WriteString("Each way in passes a proxy of its own:\n\n")
		wide := 0
		for _, p := range places {
			wide = max(wide, len(p.Proxy))
		}
		for _, p := range places {
			fmt.Fprintf(&text, "  %-*s  %s\n", wide, p.Proxy, p.Addr)
		}
		if s.Group != nil {
			fmt.Fprintf(&text, "\nWhoever is on the network of %s can send to the group.\n", s.Group.Name)
		}
		does, fault, on := "make an answer wait for a second", `{"type": "latency", "attributes": {"latency": 1000}}`, places[0]
		if last := places[len(places)-1]; last.Packet {
			does, fault, on = "lose half of what is sent", `{"type": "loss", "stream": "upstream", "attributes": {"probability": 50}}`, last
		}
		fmt.Fprintf(&text, "\nToxiproxy's control API is on %s. To %s, try\n\n", api, does)
		fmt.Fprintf(&text, "  curl -d '%s' http://%s/proxies/%s/toxics\n", fault, api, url.PathEscape(on.Proxy))
	}
	if commands := seats(spec); s.As == "" && commands != "" {
		fmt.Fprintf(&text, "\nA person can sit at a node, in another terminal:\n%s\n", commands)
	}
	text.WriteString("\nCtrl-C ends it.\n\n")
	return text.String()
}
