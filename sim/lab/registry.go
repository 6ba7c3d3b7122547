package lab

import (
	"fmt"
	"net/netip"
	"slices"
)

// Registry is a set of labs.
type Registry struct{ systems []*System }

// Register makes a registry. It panics if two systems have one name, or if one
// is incomplete: that is a mistake in the program.
func Register(systems ...*System) Registry {
	var r Registry
	for _, s := range systems {
		if _, taken := r.Lookup(s.Name); taken {
			panic(fmt.Sprintf("lab: two systems are called %q", s.Name))
		}
		s.mustBeWhole()
		r.systems = append(r.systems, s)
	}
	return r
}

// Systems lists the labs in the order of their registration.
func (r Registry) Systems() []*System { return slices.Clone(r.systems) }

// Names lists the labs' names in the order of their registration.
func (r Registry) Names() []string {
	var names []string
	for _, s := range r.systems {
		names = append(names, s.Name)
	}
	return names
}

// Lookup finds a lab by its name.
func (r Registry) Lookup(name string) (*System, bool) {
	i := slices.IndexFunc(r.systems, func(s *System) bool { return s.Name == name })
	if i < 0 {
		return nil, false
	}
	return r.systems[i], true
}

// Variant finds a variant by its name.
func (s *System) Variant(name string) (*Variant, bool) {
	i := slices.IndexFunc(s.Variants, func(v Variant) bool { return v.Name == name })
	if i < 0 {
		return nil, false
	}
	return &s.Variants[i], true
}

// VariantNames lists the variants in the order of their declaration.
func (s *System) VariantNames() []string {
	var names []string
	for _, v := range s.Variants {
		names = append(names, v.Name)
	}
	return names
}

func (s *System) mustBeWhole() {
	complain := func(format string, args ...any) {
		panic(fmt.Sprintf("lab: system %q: %s", s.Name, fmt.Sprintf(format, args...)))
	}
	if s.Name == "" || s.Story == "" || s.Nodes == nil || s.Links == nil || s.Nominal == nil || len(s.Variants) == 0 {
		complain("Name, Story, Nodes, Links, Nominal and Variants must be set")
	}
	params, err := s.Params.Parse(nil)
	if err != nil {
		complain("%v", err)
	}
	names := map[string]bool{}
	clients := 0
	for _, n := range s.Nodes(params) {
		if n.Name == "" || n.Role == "" || n.Host == "" || names[n.Name] {
			complain("node %+v needs a name of its own, a role and a host", n)
		}
		names[n.Name] = true
		if n.Client {
			clients++
		}
		for _, v := range s.Variants {
			if v.Roles[n.Role] == nil {
				complain("variant %q has no role %q", v.Name, n.Role)
			}
		}
	}
	if clients == 0 {
		complain("no node is a client")
	}
	links := map[string]bool{}
	packet := map[string]bool{}
	var group Link
	for _, l := range s.Links(params) {
		service := fmt.Sprintf("%s:%d", l.To, l.Port)
		if of, known := packet[service]; known && of != l.Packet {
			complain("port %s carries streams on one link and datagrams on another", service)
		}
		packet[service] = l.Packet
		if l.Group != "" {
			if at, err := netip.ParseAddr(l.Group); err != nil || !at.IsMulticast() || !l.Packet {
				complain("link %s: group %q must be a multicast address, on a link of datagrams", l, l.Group)
			}
			if group.Group != "" && (l.Group != group.Group || l.Port != group.Port) {
				complain("links %s and %s: a lab has one group at most", group, l)
			}
			group = l
		}
		if links[l.String()] {
			complain("link %s stands twice", l)
		}
		links[l.String()] = true
		if !names[l.From] || !names[l.To] || l.Port <= 0 {
			complain("link %s:%d must join two nodes", l, l.Port)
		}
	}
	for i, v := range s.Variants {
		if slices.Contains(s.VariantNames()[:i], v.Name) {
			complain("two variants are called %q", v.Name)
		}
		if v.Name == "" || v.Summary == "" || v.Bound == nil || v.ReadBack == nil {
			complain("variant %q: Name, Summary, Bound and ReadBack must be set", v.Name)
		}
	}
}
