package virtual

import (
	"context"
	"slices"

	"faultlab/proxy"
	"faultlab/sim/world"
)

// packetFault is a fault in force on a link for datagrams.
type packetFault struct {
	link   *packetLink
	active *proxy.Active
	cuts   bool // the link is down
}

// inject puts a fault on the link.
func (l *packetLink) inject(f proxy.Fault) (world.LinkFault, error) {
	active, err := proxy.PreparePackets(f)
	if err != nil {
		return nil, err
	}
	in := &packetFault{link: l, active: active, cuts: f.Kind == proxy.Down}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, in)
	for _, p := range l.paths {
		if in.cuts {
			active.Lost(p.lose())
		}
		p.add(active)
	}
	return in, nil
}

// Heal ends the fault.
func (f *packetFault) Heal(context.Context) (proxy.Effect, error) {
	l := f.link
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = slices.DeleteFunc(l.faults, func(other *packetFault) bool { return other == f })
	f.active.End()
	for _, p := range l.paths {
		p.end(f.active)
	}
	return f.active.Effect(), nil
}

// loses reports whether a datagram goes no further because the link is closed,
// and counts it to the faults that close it; l.mu is held.
func (l *packetLink) loses(data []byte) bool {
	lost := l.closed
	for _, f := range l.faults {
		if f.cuts {
			f.active.Lost(1, len(data))
			lost = true
		}
	}
	return lost
}

// setClosed opens the link or closes it. What is on its way to a node that goes
// down is lost with it.
func (l *packetLink) setClosed(closed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = closed
	if closed {
		for _, p := range l.paths {
			p.lose()
		}
	}
}

// tearDown ends everything on the link, for good: no timer may find anything.
func (l *packetLink) tearDown() { l.setClosed(true) }

// socket finds the open port of a service; nil: nobody listens there.
func (c *cluster) socket(at packetAddr) *socket {
	n := c.node(at.host)
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sockets[at.port]
}
