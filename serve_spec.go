package main

import (
	"fmt"
	"slices"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/world"
)

// served is what LAB or LAB/VARIANT stands for, with the parameters set.
func (c command) served(names []string, o serveOptions) (world.Spec, error) {
	system, v, err := c.labNamed(names, "faultlab serve sensor/original")
	if err == nil && v == nil {
		v, err = variantOf(system, "hardened")
	}
	if err != nil {
		return world.Spec{}, err
	}
	params, err := system.Params.Parse(o.params)
	if err != nil {
		return world.Spec{}, fmt.Errorf("-param %w", err)
	}
	return world.Spec{
		System: system, Variant: v, Scenario: &scenarios.Scenario{System: system.Name, Params: params},
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
