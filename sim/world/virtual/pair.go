package virtual

import (
	"sync"
	"syscall"

	"faultlab/sim/lab"
)

// pair is one connection.
type pair struct {
	name     string
	up, down *flow // client → service, service → client

	mu   sync.Mutex
	ends int           // still open
	gone chan struct{} // closed when none is
}

// left is called when an end closes.
func (p *pair) left() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ends--; p.ends == 0 {
		close(p.gone)
	}
}

func (p *pair) flows() []*flow { return []*flow{p.up, p.down} }

// over reports whether no end is open any more. What still runs of such a
// connection is on its way out, and no fault can meet it.
func (p *pair) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ends == 0
}

// connect joins two nodes, if the service listens on the port. name is the
// connection's, for its draws.
func connect(client, service *node, port int, name string) (*pair, *conn, error) {
	service.mu.Lock()
	ln := service.listeners[port]
	service.mu.Unlock()
	if ln == nil {
		return nil, nil, syscall.ECONNREFUSED
	}
	p := &pair{name: name, ends: 2, gone: make(chan struct{})}
	seed := lab.Draw(client.cluster.spec.Seed, "conn", name)
	p.up, p.down = newFlow(client.cluster, seed, "up"), newFlow(client.cluster, seed, "down")
	p.up.reverse, p.down.reverse = p.down, p.up
	near, far := addr{client.Name, ephemeralPort}, addr{service.Name, port}
	here := &conn{name: name + "c", pair: p, node: client, in: p.down, out: p.up, local: near, remote: far}
	there := &conn{name: name + "s", pair: p, node: service, in: p.up, out: p.down, local: far, remote: near}
	if err := client.own(here); err != nil {
		return nil, nil, err
	}
	if service.own(there) != nil || !ln.add(there) {
		client.disown(here)
		return nil, nil, syscall.ECONNREFUSED
	}
	return p, here, nil
}

// ephemeralPort is what all clients seem to dial from: a lab that tells
// clients apart by it is wrong behind any proxy.
const ephemeralPort = 32768
