//go:build unix

package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"faultlab/proxy"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// Serve runs the services of a lab for people instead of a workload, until ctx
// ends; then nothing of it is left. An error after s.Up was called is of the
// run itself: a node crashed, a person's failed, or something could not be
// cleaned up.
func Serve(ctx context.Context, spec world.Spec, s Service) (err error) {
	nodes, links := services(spec)
	if s.As != "" {
		nodes, links = seated(spec, s.As)
	}
	if len(links) == 0 {
		s.API = "" // there is nothing to control
	}
	system := *spec.System
	system.Nodes = func(lab.Params) []lab.Node { return nodes }
	system.Links = func(lab.Params) []lab.Link { return links }
	spec.System = &system

	h := &house{service: s, doors: map[string][]string{}, left: make(chan error, 1)}
	c, err := (&live{opts: s.Options, said: map[string]bool{}}).setUp(spec, h)
	h.cluster = c
	defer func() { err = errors.Join(err, c.takeDown()) }()
	if err != nil {
		return err
	}
	places, err := h.addDoors(nodes)
	if err != nil {
		return err
	}
	if len(places) == 0 && s.As == "" {
		return fmt.Errorf("no link of lab %s leads to a service: there is nothing to serve", system.Name)
	}
	places = append(places, h.addLinks(links)...)
	up := func() { h.tell(func() { s.Up(places, c.apiAt) }) }
	if s.As != "" {
		h.sit()
		up()
	}
	if err := h.startAll(ctx, nodes); err != nil && ctx.Err() == nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	if s.As == "" {
		up()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-h.left:
		return err
	}
}

// services are the nodes of a lab that are no clients, and the links that lead
// to them.
func services(spec world.Spec) (nodes []lab.Node, links []lab.Link) {
	served := map[string]bool{}
	for _, n := range spec.System.Nodes(spec.Scenario.Params) {
		if served[n.Name] = !n.Client; !n.Client {
			nodes = append(nodes, n)
		}
	}
	for _, l := range spec.System.Links(spec.Scenario.Params) {
		if served[l.To] {
			links = append(links, l)
		}
	}
	return nodes, links
}

// house is a served lab. It is the Hooks of its cluster.
type house struct {
	service Service
	cluster *cluster
	doors   map[string][]string // node → the proxies that lead to it
	left    chan error          // how the node ended at which a person sat

	mu sync.Mutex // held while the service is told something
}

// addDoors puts a proxy of its own before each documented port, where people
// look for it.
func (h *house) addDoors(nodes []lab.Node) (places []Place, err error) {
	var group []lab.Link
	for _, n := range nodes {
		ports := h.cluster.at.nodes[n.Name]
		for _, port := range slices.Sorted(maps.Keys(ports)) {
			to := h.linkTo(n.Name, port)
			if to.Group != "" {
				group = append(group, to)
				continue
			}
			name := lab.Link{From: "client", To: n.Name}.String()
			if len(ports) > 1 {
				name += ":" + strconv.Itoa(port)
			}
			if err := h.cluster.addLink(name, net.JoinHostPort("127.0.0.1", h.openedAt(port)), to, proxy.Limits{}); err != nil {
				return nil, fmt.Errorf("open port %d of %s to people: %w", port, n.Name, err)
			}
			h.doors[n.Name] = append(h.doors[n.Name], name)
			places = append(places, h.place(name, to))
		}
	}
	ways, err := h.addGroup(group)
	return append(ways, places...), err
}

// openedAt is where people find a documented port.
func (h *house) openedAt(port int) string {
	if moved, ok := h.service.Ports[port]; ok {
		port = moved
	}
	return strconv.Itoa(port)
}

func (h *house) place(proxy string, of lab.Link) Place {
	return Place{proxy, h.cluster.door(proxy).Addr(), of.Packet}
}

// linkTo finds one of the links that lead to a port: it tells what the port
// carries.
func (h *house) linkTo(node string, port int) lab.Link {
	links := h.cluster.spec.System.Links(h.cluster.Params())
	return links[slices.IndexFunc(links, func(l lab.Link) bool { return l.To == node && l.Port == port })]
}

// addLinks lists the proxies between the nodes.
func (h *house) addLinks(links []lab.Link) (places []Place) {
	for _, l := range links {
		if h.cluster.at.nodes[l.From] == nil {
			continue // it has no proxy; its name may be that of a way in
		}
		h.doors[l.To] = append(h.doors[l.To], l.String())
		places = append(places, h.place(l.String(), l))
	}
	return places
}

// startAll starts all nodes at once, for one may wait for another, and opens
// what leads to each when it is ready.
func (h *house) startAll(ctx context.Context, nodes []lab.Node) error {
	errs := make([]error, len(nodes))
	var all sync.WaitGroup
	for i, n := range nodes {
		all.Go(func() {
			err := h.cluster.Start(ctx, n.Name, world.Boot{Incarnation: 1, Healed: true})
			for _, door := range h.doors[n.Name] {
				if err == nil {
					err = h.cluster.Open(ctx, door)
				}
			}
			if err != nil {
				errs[i] = fmt.Errorf("start %s: %w", n.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// Record passes console lines on.
func (h *house) Record(e history.Event) {
	if e.Kind == history.Print {
		h.tell(func() { h.service.Print(e.Node, e.Value) })
	}
}

// Exited closes what leads to a node that ended: behind an open proxy a dial
// would be accepted, and closed again.
func (h *house) Exited(node string, err error) {
	for _, door := range h.doors[node] {
		err = errors.Join(err, h.cluster.Close(context.Background(), door))
	}
	if h.service.As != "" {
		h.rise(err)
		return
	}
	how := "its role is done"
	if err != nil {
		how = err.Error()
		if line, _, quotes := strings.Cut(how, "; its console"); quotes {
			how = line // the console has been passed on already
		}
	}
	h.tell(func() { h.service.Ended(node, how) })
}

func (h *house) tell(what func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what()
}

func (*house) Waiting(string)  {}
func (*house) Met(string, int) {}
func (*house) Refused(string)  {}
