package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

const serveHelp = `Runs the services of a lab for you to play with, until Ctrl-C: every node that
is no client, as a process. VARIANT is hardened unless you say otherwise.

Each documented port is where the lab's document has it, on 127.0.0.1, behind a
Toxiproxy of its own called client->NODE (client->NODE:PORT if a node has
several). The links between the nodes pass their proxies as in a run. Break them
through Toxiproxy's control API, with curl or toxiproxy-cli.

A node that ends is not started again.

Exit codes: 0 you ended it; 2 it could not be served, a port was taken, say;
3 a node crashed.
`

func (c command) serve(ctx context.Context, args []string) int {
	set, ports := map[string]string{}, map[int]int{}
	s := live.Service{Ports: ports, Print: consoles{out: c.out, last: map[string]said{}}.print, Ended: c.endOf}
	s.Notice = func(text string) { fmt.Fprintf(c.err, "note: %s\n", text) }
	fs := c.newFlags("serve", serveHelp)
	fs.StringVar(&s.API, "api", "127.0.0.1:8474", "serve Toxiproxy's control API on this loopback `address`")
	fs.StringVar(&s.Disks, "disk", "", "keep the hosts' disks in this `folder`, and go on with what is there (default: removed at the end)")
	fs.Func("param", "set a parameter of the lab's workload, `name=value`; may be repeated", func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return errors.New("write it like readings=100")
		}
		set[name] = value
		return nil
	})
	fs.Func("port", "open a documented port elsewhere, `8000=9000`; 0 is any free port; may be repeated", func(text string) error {
		documented, other, _ := strings.Cut(text, "=")
		from, err1 := strconv.ParseUint(documented, 10, 16)
		to, err2 := strconv.ParseUint(other, 10, 16)
		if err1 != nil || err2 != nil {
			return errors.New("write it like 8000=9000")
		}
		ports[int(from)] = int(to)
		return nil
	})
	names, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	if len(names) != 1 {
		return c.usage("serve: takes one lab, like `faultlab serve sensor/original`; there are %s", strings.Join(c.labs.Names(), ", "))
	}
	spec, err := c.served(names[0], set)
	if err == nil {
		err = checkPorts(spec, ports)
	}
	if err != nil {
		return c.usage("serve: %v", err)
	}

	up := false
	s.Up = func(places []live.Place, api string) {
		up = true
		c.welcome(spec, places, api)
	}
	err = live.Serve(ctx, spec, s)
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && !up:
		return c.usage("serve: %v; end what listens there, or open the port elsewhere with -port 8000=9000, the control API with -api", err)
	case err != nil && !up:
		return c.usage("serve: %v", err)
	case err != nil:
		fmt.Fprintf(c.err, "faultlab: serve: %v\n", err)
		return exitUnknown
	}
	return exitOK
}

// served is what LAB or LAB/VARIANT stands for, with the parameters set.
func (c command) served(name string, set map[string]string) (world.Spec, error) {
	name, variant, found := strings.Cut(name, "/")
	if !found {
		variant = "hardened"
	}
	system, ok := c.labs.Lookup(name)
	if !ok {
		return world.Spec{}, fmt.Errorf("no lab %q%s; `faultlab list` shows all", name, suggestion(name, nil, c.labs.Names()))
	}
	v, ok := system.Variant(variant)
	if !ok {
		return world.Spec{}, fmt.Errorf("lab %s has no variant %q; it has %s", name, variant, strings.Join(system.VariantNames(), ", "))
	}
	params, err := system.Params.Parse(set)
	if err != nil {
		return world.Spec{}, fmt.Errorf("-param %w", err)
	}
	return world.Spec{
		System: system, Variant: v, Scenario: &scenarios.Scenario{System: name, Params: params},
		// On disks that are kept, the ids that a node drew the last time may
		// stand: it must not draw them again.
		Seed: uint64(time.Now().UnixNano()),
	}, nil
}

// checkPorts refuses to open a port elsewhere that the lab does not have.
func checkPorts(spec world.Spec, ports map[int]int) error {
	var documented []int
	for _, l := range spec.System.Links(spec.Scenario.Params) {
		documented = append(documented, l.Port)
	}
	for port := range ports {
		if !slices.Contains(documented, port) {
			slices.Sort(documented)
			return fmt.Errorf("-port %d: lab %s documents the ports %v only", port, spec.System.Name, slices.Compact(documented))
		}
	}
	return nil
}

// welcome tells what is where, and what to try.
func (c command) welcome(spec world.Spec, places []live.Place, api string) {
	fmt.Fprintf(c.out, "%s/%s is up. Each way passes a proxy of its own:\n\n", spec.System.Name, spec.Variant.Name)
	wide := 0
	for _, p := range places {
		wide = max(wide, len(p.Proxy))
	}
	for _, p := range places {
		fmt.Fprintf(c.out, "  %-*s  %s\n", wide, p.Proxy, p.Addr)
	}
	fmt.Fprintf(c.out, "\nToxiproxy's control API is on %s. To make an answer wait for a second, try\n\n", api)
	fmt.Fprintf(c.out, "  curl -d '{\"type\": \"latency\", \"attributes\": {\"latency\": 1000}}' http://%s/proxies/%s/toxics\n", api, url.PathEscape(places[0].Proxy))
	fmt.Fprint(c.out, "\nCtrl-C ends it.\n\n")
}

func (c command) endOf(node, how string) {
	fmt.Fprintf(c.err, "%s has ended: %s; it is not started again\n", node, how)
}
