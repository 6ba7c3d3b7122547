package proxy

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// AddGroup makes a relay, disabled as yet, in the place of a multicast group:
// of every datagram each of its members gets a copy, and what they answer goes to
// who sent it.
//
//	         ┌─▶ member
//	client ─▶ group
//	         └─▶ member
//
// With a relay in front of each member, each can have faults of its own. All
// addresses must be on loopback.
func (s *Server) AddGroup(name, listen string, members []string, limits Limits) (*Relay, error) {
	return s.addRelay(&Relay{name: name, limits: limits}, members, func(r *Relay) error { return r.listen(listen) })
}

// JoinGroup does the same with what comes to a real multicast group, on one
// network of this machine. It is the only thing here that hears anything from
// outside, and it hears neighbours alone, which are those that a datagram with a
// TTL of 1 can come from. It sends nothing to the group; that there is a member,
// the kernel tells the network (IGMP, RFC 3376).
func (s *Server) JoinGroup(name, group string, on *net.Interface, members []string, limits Limits) (*Relay, error) {
	return s.addRelay(&Relay{name: name, limits: limits}, members, func(r *Relay) error { return r.join(group, on) })
}

func (r *Relay) join(group string, on *net.Interface) error {
	at, err := netip.ParseAddrPort(group)
	if err != nil || !at.Addr().Is4() || !at.Addr().IsMulticast() {
		return fmt.Errorf("%q is no multicast address and port, like 224.0.0.100:9999", group)
	}
	nets, err := on.Addrs()
	if err != nil {
		return fmt.Errorf("list the addresses of %s: %w", on.Name, err)
	}
	var own netip.Addr // of this machine on that network
	for _, n := range nets {
		if p, err := netip.ParsePrefix(n.String()); err == nil && p.Addr().Is4() {
			own, r.neighbours = p.Addr(), append(r.neighbours, p.Masked())
		}
	}
	if len(r.neighbours) == 0 {
		return fmt.Errorf("network %s has no IPv4 address: nobody is its neighbour", on.Name)
	}
	if r.front, err = listenGroup(at, own); err != nil {
		return fmt.Errorf("join %s on %s: %w", group, on.Name, err)
	}
	return nil
}

// hears reports whether anything from that address is taken.
func (r *Relay) hears(from netip.AddrPort) bool {
	return r.neighbours == nil || slices.ContainsFunc(r.neighbours, func(p netip.Prefix) bool { return p.Contains(from.Addr().WithZone("")) })
}
