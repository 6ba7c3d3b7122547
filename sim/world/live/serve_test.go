//go:build unix

package live

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

// anyPort opens the depot's port wherever one is free.
func anyPort() map[int]int { return map[int]int{depotPort: 0} }

func TestServeUntilItsContextEnds(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var at []Place
	var printed string
	seenEnough := func() {
		if at != nil && strings.HasPrefix(printed, "store: at 127.") {
			end()
		}
	}
	s := Service{
		Options: Options{Temp: t.TempDir()}, Ports: anyPort(),
		Up: func(places []Place, api string) {
			at = places
			require.Empty(t, api)
			conn, err := net.Dial("tcp", places[0].Addr)
			require.NoError(t, err)
			conn.Close()
			seenEnough()
		},
		Print: func(node, line string) {
			printed += node + ": " + line
			seenEnough()
		},
		Ended: func(node, how string) { t.Errorf("%s ended: %s", node, how) },
	}
	require.NoError(t, Serve(ctx, specOf(t, "plain", 1), s))
	requireNothingLeft(t, s.Temp)
	require.Len(t, at, 1, "the lab's own link from its client is nobody's way here")
	require.Equal(t, "client->store", at[0].Proxy)
	requireClosed(t, at[0].Addr)
}

func TestServeInterruptedBeforeItIsUp(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	end()
	s := Service{Options: Options{Temp: t.TempDir()}, Ports: anyPort(), Up: func([]Place, string) { t.Error("it is up") }}
	require.NoError(t, Serve(ctx, specOf(t, "deaf", 1), s))
	requireNothingLeft(t, s.Temp)
}

func TestServeOfWhatDoesNotStart(t *testing.T) {
	for variant, want := range map[string]string{
		"failing": "start store: it ended before its ports were open: no coffee",
		"quitter": "start store: its role returned before its ports were open",
		"panics":  "out of cheese",
	} {
		t.Run(variant, func(t *testing.T) {
			s := Service{
				Options: Options{Temp: t.TempDir()}, Ports: anyPort(),
				Up: func([]Place, string) { t.Error("it is up") }, Print: func(string, string) {},
			}
			require.ErrorContains(t, Serve(t.Context(), specOf(t, variant, 1), s), want)
			requireNothingLeft(t, s.Temp)
		})
	}
}

func TestServeTellsOfANodeThatEnds(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var ends []string
	s := Service{
		Options: Options{Temp: t.TempDir()}, Ports: anyPort(),
		Up: func([]Place, string) {}, Print: func(string, string) {},
		Ended: func(node, how string) {
			ends = append(ends, node+": "+how)
			end()
		},
	}
	err := Serve(ctx, specOf(t, "panics-late", 1), s)
	require.ErrorContains(t, err, "out of milk")
	require.Equal(t, []string{"store: crashed (exit status 2)"}, ends)
	requireNothingLeft(t, s.Temp)
}

// A lab in which all nodes are clients has nothing to be served.
func TestServeOfClientsOnly(t *testing.T) {
	spec := specOf(t, "plain", 1)
	system, declared := *spec.System, spec.System.Nodes
	system.Nodes = func(p lab.Params) []lab.Node {
		nodes := declared(p)
		for i := range nodes {
			nodes[i].Client = true
		}
		return nodes
	}
	spec.System = &system
	s := Service{Options: Options{Temp: t.TempDir()}}
	require.ErrorContains(t, Serve(t.Context(), spec, s), "nothing to serve")
	requireNothingLeft(t, s.Temp)
}

// A node with two ports has two ways in, and each has its port in its name.
func TestServeNamesTheWaysIn(t *testing.T) {
	spec := specOf(t, "plain", 1)
	system := *spec.System
	system.Links = func(lab.Params) []lab.Link {
		return []lab.Link{{From: "client", To: "store", Port: 7007}, {From: "other", To: "store", Port: 7008}, {From: "store", To: "client", Port: 7009}}
	}
	spec.System = &system
	nodes, links := services(spec)
	require.Equal(t, []lab.Node{{Name: "store", Role: "store", Host: "store"}}, nodes)
	require.Len(t, links, 2, "nobody serves the client's port")
	system.Nodes = func(lab.Params) []lab.Node { return nodes }
	system.Links = func(lab.Params) []lab.Link { return links }
	c, err := (&live{opts: Options{Temp: t.TempDir()}, said: map[string]bool{}}).setUp(spec, &house{})
	defer func() { require.NoError(t, c.takeDown()) }()
	require.NoError(t, err)
	h := house{service: Service{Ports: map[int]int{7007: 0, 7008: 0}}, cluster: c, doors: map[string][]string{}}
	places, err := h.addDoors(nodes)
	require.NoError(t, err)
	require.Equal(t, "client->store:7007", places[0].Proxy)
	require.Equal(t, "client->store:7008", places[1].Proxy)
	require.Equal(t, []string{places[0].Proxy, places[1].Proxy}, h.doors["store"])
}

func TestKeptDisksStay(t *testing.T) {
	keep := t.TempDir()
	for range 2 { // what is there is gone on with
		ctx, end := context.WithCancel(t.Context())
		s := Service{Options: Options{Temp: t.TempDir(), Disks: keep}, Ports: anyPort(), Up: func([]Place, string) { end() }, Print: func(string, string) {}}
		require.NoError(t, Serve(ctx, specOf(t, "plain", 1), s))
		requireNothingLeft(t, s.Temp)
		require.NoError(t, os.WriteFile(keep+"/disk-store/mine", nil, 0o644))
	}
	require.FileExists(t, keep+"/disk-store/mine")
}
