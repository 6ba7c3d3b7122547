package virtual

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/proxy"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// link is a way from a client to a service, with its proxy in the middle.
type link struct {
	lab.Link
	cluster *cluster
	control *lab.Mutex // one fault at a time comes or goes

	mu     sync.Mutex
	closed bool // the service is down
	dials  int
	faults []*linkFault // in force, oldest first
	conns  []*pair      // that still carry something
}

// dial makes a connection, unless the service is down or a fault cuts the
// link.
func (l *link) dial(n *node) (*conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	service := l.cluster.node(l.To)
	if l.closed || slices.ContainsFunc(l.faults, (*linkFault).cuts) || service == nil {
		l.cluster.hooks.Refused(l.String())
		return nil, syscall.ECONNREFUSED
	}
	l.dials++
	p, client, err := connect(n, service, l.Port, l.String()+"#"+strconv.Itoa(l.dials))
	if err != nil {
		return nil, err
	}
	l.conns = slices.DeleteFunc(l.conns, func(p *pair) bool { return p.up.over() && p.down.over() })
	l.conns = append(l.conns, p)
	for _, f := range l.faults {
		f.touch(p, true)
	}
	return client, nil
}

// sever breaks all connections, as when a proxy stops: what has not passed it
// yet is lost, both ends see the end. It returns how many there were.
func (l *link) sever() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	cut := 0
	for _, p := range l.conns {
		up, down := p.up.cut(), p.down.cut()
		if up || down {
			cut++
		}
	}
	return cut
}

// tearDown ends everything on the link, for good.
func (l *link) tearDown() {
	l.mu.Lock()
	conns := l.conns
	l.conns = nil
	l.mu.Unlock()
	for _, p := range conns {
		for _, f := range p.flows() {
			f.tearDown()
		}
	}
}

// Open lets a link carry connections.
func (c *cluster) Open(_ context.Context, name string) error {
	if l := c.packets[name]; l != nil {
		l.setClosed(false)
		return nil
	}
	l := c.links[name]
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = false
	return nil
}

// Close breaks a link's connections and refuses new ones.
func (c *cluster) Close(_ context.Context, name string) error {
	if l := c.packets[name]; l != nil {
		l.setClosed(true)
		return nil
	}
	l := c.links[name]
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.sever()
	return nil
}

// Inject puts a fault on a link.
func (c *cluster) Inject(_ context.Context, name string, f proxy.Fault) (world.LinkFault, error) {
	if l := c.packets[name]; l != nil {
		return l.inject(f)
	}
	active, err := proxy.Prepare(f)
	if err != nil {
		return nil, err
	}
	l := c.links[name]
	l.control.Lock()
	defer l.control.Unlock()
	in := &linkFault{
		Fault: f, link: l, active: active,
		up: active.Stages(stream.Upstream), down: active.Stages(stream.Downstream),
	}
	l.mu.Lock()
	l.faults = append(l.faults, in)
	conns := slices.Clone(l.conns)
	l.mu.Unlock()
	if in.cuts() {
		active.Cut(l.sever())
		return in, nil
	}
	for _, p := range conns {
		if !p.over() {
			in.touch(p, false)
		}
	}
	return in, nil
}

// linkFault is a fault in force on a link.
type linkFault struct {
	proxy.Fault
	link     *link
	active   *proxy.Active
	up, down []toxics.Toxic
}

func (f *linkFault) cuts() bool { return f.Kind == proxy.Down }

// touch puts the fault's toxics on a connection. fresh says that it was opened
// while the fault was in force already.
func (f *linkFault) touch(p *pair, fresh bool) {
	conn := proxy.Conn{Name: p.name, Fresh: fresh, Gone: p.gone, Reset: func() {
		p.up.reset()
		p.down.reset()
	}}
	p.up.toxify(f.active, f.up, conn)
	p.down.toxify(f.active, f.down, conn)
}

// Heal ends the fault.
func (f *linkFault) Heal(context.Context) (proxy.Effect, error) {
	l := f.link
	l.control.Lock()
	defer l.control.Unlock()
	l.mu.Lock()
	l.faults = slices.DeleteFunc(l.faults, func(other *linkFault) bool { return other == f })
	conns := slices.Clone(l.conns)
	l.mu.Unlock()
	f.active.End()
	for _, p := range conns {
		for _, flow := range p.flows() {
			flow.cleanse(f.active)
		}
	}
	return f.active.Effect(), nil
}
