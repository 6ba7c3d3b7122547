//go:build unix

package live

import (
	"context"
	"fmt"
	"net"

	"faultlab/proxy"
	"faultlab/sim/lab"
)

// addGroup makes the way in to the members of a multicast group, which they have
// in common, and behind it a relay for each of them, so that each can have faults
// of its own.
//
//	             ┌─ group->receiver ──▶ receiver
//	client->group
//	             └─ group->receiver2 ─▶ receiver2
func (h *house) addGroup(links []lab.Link) (places []Place, err error) {
	if len(links) == 0 {
		return nil, nil
	}
	var members []string
	for _, to := range links {
		name := lab.Link{From: "group", To: to.To}.String()
		if err := h.cluster.addLink(name, "127.0.0.1:0", to, proxy.Limits{}); err != nil {
			return nil, fmt.Errorf("set up the relay of %s: %w", name, err)
		}
		h.doors[to.To] = append(h.doors[to.To], name)
		places = append(places, h.place(name, to))
		members = append(members, h.cluster.door(name).Addr())
	}
	// A group is always there, whoever of its members is.
	const name = "client->group"
	c, port := h.cluster, h.openedAt(links[0].Port)
	var group *proxy.Relay
	if on := h.service.Group; on != nil {
		group, err = c.server.JoinGroup(name, net.JoinHostPort(links[0].Group, port), on, members, proxy.Limits{})
	} else {
		group, err = c.server.AddGroup(name, net.JoinHostPort("127.0.0.1", port), members, proxy.Limits{})
	}
	if err == nil {
		err = group.Enable(context.Background())
	}
	if err != nil {
		return nil, fmt.Errorf("open port %d of the group to people: %w", links[0].Port, err)
	}
	c.relays[name] = group
	return append([]Place{h.place(name, links[0])}, places...), nil
}
