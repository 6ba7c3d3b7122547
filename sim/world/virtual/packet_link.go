package virtual

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"

	"faultlab/proxy"
	"faultlab/sim/lab"
)

// packetLink is a way for datagrams from a client to a service, with its relay
// in the middle.
//
//	Write → relay: faults, if any → [hop] → receive queue → Read
//
// The relay stands at the sender: what is written meets the faults of that
// very moment. A fault that a trigger puts in force at a send thus meets the
// datagram that is sent next, and none before it.
type packetLink struct {
	lab.Link
	cluster *cluster
	number  int // from 0, of so many: its clients' ports are no other link's
	of      int

	// One lock for all that happens on the link, so that what two clients do in
	// one instant has an order. It is held while a receiver's queue is changed.
	mu     sync.Mutex
	closed bool // the service is down
	dials  int
	faults []*packetFault // in force, oldest first
	paths  []*path        // in the order of their dials
}

// path is the way of one client's datagrams to the service, and back.
type path struct {
	link   *packetLink
	client *socket
	to     packetAddr // the service
	ways   [2]*way    // by stream.Direction
}

// way is one direction of a path.
type way struct {
	seed   uint64
	lane   *proxy.Lane
	count  uint64    // hops drawn so far
	last   time.Time // when the last of them arrives
	wake   *time.Timer
	target func() *socket // its result is nil if nobody listens
}

// dial makes a socket for datagrams to the service.
func (l *packetLink) dial(n *node) (*packetConn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dials++
	name := l.String() + "#" + strconv.Itoa(l.dials)
	c, to := l.cluster, packetAddr{addr{l.To, l.Port}}
	seed := lab.Draw(c.spec.Seed, "datagrams", name)
	p := &path{link: l, to: to, client: newSocket(n, ephemeralPort+l.dials*l.of+l.number, lab.Draw(seed, "socket"))}
	for d, target := range map[stream.Direction]func() *socket{
		stream.Upstream:   func() *socket { return c.socket(to) },
		stream.Downstream: func() *socket { return p.client },
	} {
		p.ways[d] = &way{seed: lab.Draw(seed, d.String()), lane: proxy.NewLane(name, d), target: target}
	}
	if err := n.bind(p.client); err != nil {
		return nil, err
	}
	l.paths = slices.DeleteFunc(l.paths, (*path).over)
	l.paths = append(l.paths, p)
	for _, f := range l.faults {
		p.add(f.active)
	}
	return &packetConn{p}, nil
}

// pathOf finds the path of the client with that address; nil: it has gone.
func (l *packetLink) pathOf(client string) *path {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.paths {
		if p.client.addr.String() == client && !p.client.gone() {
			return p
		}
	}
	return nil
}

// over reports whether nothing can come of the path any more.
func (p *path) over() bool {
	return p.client.gone() && p.ways[stream.Upstream].lane.Waiting() == 0
}

// send puts a datagram on its way.
func (p *path) send(d stream.Direction, data []byte) {
	w := p.ways[d]
	p.link.mu.Lock()
	defer p.link.mu.Unlock()
	if p.link.loses(data) {
		return
	}
	w.lane.Send(time.Now(), data, func(data []byte) { p.deliver(w, data) })
	p.await(w)
}

// await has the way looked at when something on it is due; link.mu is held.
func (p *path) await(w *way) {
	next, some := w.lane.Next()
	if !some {
		return
	}
	if w.wake != nil {
		w.wake.Stop()
	}
	w.wake = time.AfterFunc(time.Until(next), func() {
		p.link.mu.Lock()
		defer p.link.mu.Unlock()
		w.lane.Advance(time.Now(), func(data []byte) { p.deliver(w, data) })
		p.await(w)
	})
}

// deliver puts what has passed the relay into the receiver's queue, where it is
// found a hop later. No datagram overtakes another here.
func (p *path) deliver(w *way, data []byte) {
	w.count++
	key := lab.Draw(w.seed + w.count)
	w.last = later(time.Now().Add(hopLow+time.Duration(key%uint64(hopHigh-hopLow))), w.last)
	if s := w.target(); s != nil {
		from := p.to
		if s != p.client {
			from = p.client.addr
		}
		s.arrive(parcel{data: slices.Clone(data), from: from, at: w.last, key: key})
	}
}

// add puts a fault on the path; link.mu is held.
func (p *path) add(a *proxy.Active) {
	for _, w := range p.ways {
		w.lane.Add(a, time.Now(), func(data []byte) { p.deliver(w, data) })
		p.await(w)
	}
}

// end takes a fault off it; link.mu is held.
func (p *path) end(a *proxy.Active) {
	for _, w := range p.ways {
		w.lane.End(a, time.Now(), func(data []byte) { p.deliver(w, data) })
		p.await(w)
	}
}

// lose loses all that has not passed the relay, and counts it; link.mu is held.
func (p *path) lose() (datagrams, bytes int) {
	for _, w := range p.ways {
		n, size := w.lane.Clear()
		datagrams, bytes = datagrams+n, bytes+size
	}
	return datagrams, bytes
}
