package lab_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

// pair is the smallest lab there is.
func pair() *lab.System {
	role := func(context.Context, lab.Env) error { return nil }
	return &lab.System{
		Name: "pair", Story: "A client speaks to a service.",
		Params: param.List{{Name: "ops", Default: 3}},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "client", Role: "client", Host: "here", Client: true},
				{Name: "service", Role: "service", Host: "there"},
			}
		},
		Links:   func(lab.Params) []lab.Link { return []lab.Link{{From: "client", To: "service", Port: 80}} },
		Nominal: func(lab.Params) time.Duration { return time.Second },
		Variants: []lab.Variant{{
			Name: "original", Summary: "As documented.",
			Bound:    func(lab.Params) time.Duration { return time.Second },
			Roles:    map[string]func(context.Context, lab.Env) error{"client": role, "service": role},
			ReadBack: func(context.Context, lab.Observer) ([]history.Event, error) { return nil, nil },
		}},
	}
}

func TestRegisterFindsWhatItWasGiven(t *testing.T) {
	one, two := pair(), pair()
	two.Name = "couple"
	two.Variants = append(two.Variants, two.Variants[0])
	two.Variants[1].Name = "hardened"
	r := lab.Register(one, two)
	require.Equal(t, []string{"pair", "couple"}, r.Names())
	require.Equal(t, []*lab.System{one, two}, r.Systems())
	found, ok := r.Lookup("couple")
	require.True(t, ok)
	require.Same(t, two, found)
	_, ok = r.Lookup("triple")
	require.False(t, ok)
	require.Equal(t, []string{"original", "hardened"}, two.VariantNames())
	v, ok := two.Variant("hardened")
	require.True(t, ok)
	require.Same(t, &two.Variants[1], v)
	_, ok = two.Variant("naive")
	require.False(t, ok)
}

func TestRegisterPanicsOnWhatIsNotWhole(t *testing.T) {
	nodes := func(s *lab.System, change func([]lab.Node) []lab.Node) {
		was := s.Nodes
		s.Nodes = func(p lab.Params) []lab.Node { return change(was(p)) }
	}
	links := func(s *lab.System, l lab.Link) {
		s.Links = func(lab.Params) []lab.Link { return []lab.Link{l} }
	}
	for _, tc := range []struct {
		name  string
		spoil func(*lab.System)
		says  string
	}{
		{"no name", func(s *lab.System) { s.Name = "" }, "must be set"},
		{"no story", func(s *lab.System) { s.Story = "" }, "must be set"},
		{"no nodes", func(s *lab.System) { s.Nodes = nil }, "must be set"},
		{"no links", func(s *lab.System) { s.Links = nil }, "must be set"},
		{"no nominal", func(s *lab.System) { s.Nominal = nil }, "must be set"},
		{"no variants", func(s *lab.System) { s.Variants = nil }, "must be set"},
		{"a required parameter", func(s *lab.System) { s.Params[0].Required = true }, "ops: is required"},
		{"a node without a host", func(s *lab.System) {
			nodes(s, func(n []lab.Node) []lab.Node { n[1].Host = ""; return n })
		}, "needs a name of its own"},
		{"two nodes of one name", func(s *lab.System) {
			nodes(s, func(n []lab.Node) []lab.Node { return append(n, n[1]) })
		}, "needs a name of its own"},
		{"a role that a variant has not", func(s *lab.System) { delete(s.Variants[0].Roles, "service") }, `has no role "service"`},
		{"no client", func(s *lab.System) {
			nodes(s, func(n []lab.Node) []lab.Node { n[0].Client = false; return n })
		}, "no node is a client"},
		{"a link from nowhere", func(s *lab.System) { links(s, lab.Link{From: "x", To: "service", Port: 80}) }, "link x->service:80 must join two nodes"},
		{"a link to nowhere", func(s *lab.System) { links(s, lab.Link{From: "client", To: "x", Port: 80}) }, "must join two nodes"},
		{"a group that is none", func(s *lab.System) {
			links(s, lab.Link{From: "client", To: "service", Port: 80, Packet: true, Group: "127.0.0.1"})
		}, "must be a multicast address"},
		{"a group of streams", func(s *lab.System) { links(s, lab.Link{From: "client", To: "service", Port: 80, Group: "224.0.0.100"}) }, "on a link of datagrams"},
		{"two groups", func(s *lab.System) {
			s.Links = func(lab.Params) []lab.Link {
				return []lab.Link{
					{From: "client", To: "service", Port: 80, Packet: true, Group: "224.0.0.100"},
					{From: "service", To: "client", Port: 81, Packet: true, Group: "224.0.0.100"},
				}
			}
		}, "one group at most"},
		{"a link without a port", func(s *lab.System) { links(s, lab.Link{From: "client", To: "service"}) }, "must join two nodes"},
		{"a variant without a bound", func(s *lab.System) { s.Variants[0].Bound = nil }, `variant "original"`},
		{"a variant without a way to read back", func(s *lab.System) { s.Variants[0].ReadBack = nil }, `variant "original"`},
		{"two variants of one name", func(s *lab.System) { s.Variants = append(s.Variants, s.Variants[0]) }, `two variants are called "original"`},
		{"two links of one name", func(s *lab.System) {
			l := lab.Link{From: "client", To: "service", Port: 80}
			s.Links = func(lab.Params) []lab.Link { return []lab.Link{l, l} }
		}, "stands twice"},
		{"a port of two sorts", func(s *lab.System) {
			s.Links = func(lab.Params) []lab.Link {
				return []lab.Link{{From: "client", To: "service", Port: 80}, {From: "service", To: "service", Port: 80, Packet: true}}
			}
		}, "port service:80 carries streams on one link and datagrams on another"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := pair()
			tc.spoil(s)
			defer func() {
				said, _ := recover().(string)
				require.Contains(t, said, tc.says)
			}()
			lab.Register(s)
		})
	}
	require.PanicsWithValue(t, `lab: two systems are called "pair"`, func() { lab.Register(pair(), pair()) })
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"log", "server-paul.log", "..log", ".hidden", "a b", "ä", "a:b", strings.Repeat("x", 255)} {
		require.NoError(t, lab.CheckName(name), name)
	}
	for _, name := range []string{"", ".", "..", "a/b", "/etc", "../x", `a\b`, "a\x00b", strings.Repeat("x", 256)} {
		require.ErrorIs(t, lab.CheckName(name), fs.ErrInvalid, "%.20q", name)
	}
}
