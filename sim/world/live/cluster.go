//go:build unix

package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"faultlab/proxy"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// cluster is a lab while it runs: it is the world.Cluster.
type cluster struct {
	spec    world.Spec
	hooks   world.Hooks
	scratch scratch // everything on disk stands in it
	began   int64   // the run's start on the monotonic clock
	at      *addresses
	server  *proxy.Server
	proxies map[string]*proxy.Proxy // by link
	relays  map[string]*proxy.Relay // by link that carries datagrams
	seats   map[string]*seat        // by node
	disks   map[string]*folder      // by host
	disksIn string                  // the folder in which they stand
	inUse   *os.File                // its lock, if it is to be kept
	person  terminal                // of who sits at the one node, if a person does

	api     *http.Server
	apiAt   string // its address; "": there is none
	apiDone sync.WaitGroup

	mu       sync.Mutex
	failures []error // what makes the run untrustworthy
}

// seat is a node's place: its processes, one after the other, sit in it.
type seat struct {
	birth birth
	lives sync.WaitGroup // every goroutine of all its processes

	mu     sync.Mutex
	p      *process // the last one; nil before the first
	healed bool
}

// last gives the node's process, dead or alive; nil if it has had none.
func (s *seat) last() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p
}

func (c *cluster) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, err)
}

// seat finds a node's place; scripts are validated, so it is there.
func (c *cluster) seat(node string) *seat {
	s, ok := c.seats[node]
	if !ok {
		panic("live: no node " + node)
	}
	return s
}

// proxy finds a link's proxy; scripts are validated, so it is there.
func (c *cluster) proxy(link string) *proxy.Proxy {
	p, ok := c.proxies[link]
	if !ok {
		panic("live: no link " + link)
	}
	return p
}

// door is a proxy or a relay.
type door interface {
	Addr() string
	Enable(context.Context) error
	Disable(context.Context) error
}

func (c *cluster) door(link string) door {
	if r, ok := c.relays[link]; ok {
		return r
	}
	return c.proxy(link)
}

func (c *cluster) Params() lab.Params { return c.spec.Scenario.Params }

func (c *cluster) Disk(host string) lab.Disk {
	d, ok := c.disks[host]
	if !ok {
		panic("live: no host " + host)
	}
	return d
}

// Dial goes to the node's own address, past the proxies of its links.
func (c *cluster) Dial(ctx context.Context, node string, port int) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", c.place(node, port))
}

// place is where a port of a node is; labs dial no others, so it is there.
func (c *cluster) place(node string, port int) string {
	addr, ok := c.at.nodes[node][port]
	if !ok {
		panic(fmt.Sprintf("live: no link of the lab leads to port %d of %s", port, node))
	}
	return addr
}

func (c *cluster) Elapsed() time.Duration { return time.Duration(monotonic() - c.began) }

func (c *cluster) Start(ctx context.Context, node string, boot world.Boot) error {
	p, err := c.spawn(ctx, c.seat(node), boot)
	if err != nil {
		return err
	}
	return p.awaitReady(ctx)
}

func (c *cluster) spawn(ctx context.Context, s *seat, boot world.Boot) (*process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.p != nil {
		if !s.p.dead() {
			return nil, errors.New("it runs already")
		}
		// A late Exited would be taken for the end of the new life.
		select {
		case <-s.p.told:
		case <-ctx.Done():
			return nil, fmt.Errorf("its last life is not over: %w", context.Cause(ctx))
		}
	}
	b := s.birth
	b.Boot = boot
	b.Boot.Healed = boot.Healed || s.healed // the heal may have come after boot was put together
	p, err := spawn(c, b, &s.lives)
	if err != nil {
		return nil, err
	}
	s.p = p
	return p, nil
}

// Kill, like all acts on a node, has nothing to do on one that is down. On one
// that has just died it still waits for what that had to say.
func (c *cluster) Kill(node string) error {
	if p := c.seat(node).last(); p != nil {
		p.kill()
	}
	return nil
}

func (c *cluster) Stop(ctx context.Context, node string, grace time.Duration) error {
	if p := c.seat(node).last(); p != nil {
		return p.stop(ctx, grace)
	}
	return nil
}

func (c *cluster) Pause(node string) error {
	if p := c.seat(node).last(); p != nil {
		return p.pause()
	}
	return nil
}

func (c *cluster) Resume(node string) error {
	if p := c.seat(node).last(); p != nil {
		p.resume()
	}
	return nil
}

func (c *cluster) Idle() bool {
	for _, s := range c.seats {
		if p := s.last(); p != nil && !waits(p.cmd.Process.Pid) {
			return false
		}
	}
	return true
}

func (c *cluster) PowerCut(host string, _ bool) (int, error) {
	return 0, fmt.Errorf("cut the power of %s: SIGKILL keeps what the page cache holds, so only the virtual world can; write `world virtual` in the script", host)
}

func (c *cluster) Open(ctx context.Context, link string) error { return c.door(link).Enable(ctx) }

func (c *cluster) Close(ctx context.Context, link string) error { return c.door(link).Disable(ctx) }

func (c *cluster) Inject(ctx context.Context, link string, f proxy.Fault) (world.LinkFault, error) {
	if r, ok := c.relays[link]; ok {
		return injectPacket(ctx, r, f)
	}
	injected, err := c.proxy(link).Inject(ctx, f)
	if err != nil {
		return nil, err // an *Injected that is nil would be a LinkFault that is not
	}
	return injected, nil
}

func (c *cluster) SetInside(node string, f world.InsideFault) error {
	if p := c.seat(node).last(); p != nil {
		p.do(order{Set: &f})
	}
	return nil
}

func (c *cluster) ClearInside(node string, id int) error {
	if p := c.seat(node).last(); p != nil {
		p.do(order{Clear: &id})
	}
	return nil
}

func (c *cluster) Unwatch(node string, kind history.Kind) {
	if p := c.seat(node).last(); p != nil {
		p.tell(order{Unwatch: kind})
	}
}

func (c *cluster) HealAll() {
	for _, s := range c.seats {
		s.mu.Lock()
		s.healed = true
		if s.p != nil {
			s.p.tell(order{Healed: true})
		}
		s.mu.Unlock()
	}
}
