package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// network finds the one on which the lab's multicast group is to be heard; nil:
// on none.
func network(spec world.Spec, o serveOptions) (*net.Interface, error) {
	links := spec.System.Links(spec.Scenario.Params)
	switch {
	case o.group == "":
		return nil, nil
	case o.as != "":
		return nil, errors.New("-group is for the nodes that are served; leave out -as")
	case !slices.ContainsFunc(links, func(l lab.Link) bool { return l.Group != "" }):
		return nil, fmt.Errorf("-group %s: lab %s has no multicast group", o.group, spec.System.Name)
	}
	on, err := net.InterfaceByName(o.group)
	if err == nil {
		return on, nil
	}
	all, listing := net.Interfaces()
	var names []string
	for _, i := range all {
		if i.Flags&net.FlagUp != 0 {
			names = append(names, i.Name)
		}
	}
	return nil, errors.Join(fmt.Errorf("-group %s: %w; this machine has %s", o.group, err, strings.Join(names, ", ")), listing)
}
