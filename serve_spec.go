package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/world"
)

// served is what LAB or LAB/VARIANT stands for, with the parameters set.
func (c command) served(names []string, o serveOptions) (world.Spec, error) {
	if len(names) != 1 {
		return world.Spec{}, fmt.Errorf("takes one lab, like `faultlab serve sensor/original`; there are %s", strings.Join(c.labs.Names(), ", "))
	}
	name, variant, found := strings.Cut(names[0], "/")
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
	params, err := system.Params.Parse(o.params)
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

// checkPorts refuses to open a port elsewhere that is not documented here.
func checkPorts(spec world.Spec, o serveOptions) error {
	where := "lab " + spec.System.Name
	if o.as != "" {
		where = o.as
	}
	var documented []int
	for _, l := range spec.System.Links(spec.Scenario.Params) {
		if o.as == "" || l.To == o.as {
			documented = append(documented, l.Port)
		}
	}
	for port := range o.ports {
		if !slices.Contains(documented, port) {
			slices.Sort(documented)
			return fmt.Errorf("-port %d: %s documents the ports %v only", port, where, slices.Compact(documented))
		}
	}
	return nil
}
