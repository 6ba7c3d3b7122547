// Package virtual is the world in which time costs nothing: a lab's nodes are
// goroutines in a testing/synctest bubble, the network is in memory, the disk
// can lose power, and a run repeats exactly from its seed.
//
//	node ── flow ── toxics ── flow ── node     one connection, each direction
//	  │
//	 Env: every call takes drawn virtual time, waits out a pause, and does
//	      nothing once the node is dead
//
// What makes replay exact: every draw is a hash of the seed, a stable name and
// a count within that name; what a connection is given during one instant is
// delivered together; and no two events of one cause share an instant.
package virtual

import (
	"context"
	"fmt"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// World is the virtual world. Many runs may use one at a time.
type World struct{ t *testing.T }

// New makes a virtual world. It works in tests and in any other program: a
// bubble asks for a *testing.T but needs nothing of it that its zero value has
// not, as long as nobody fails it.
func New() *World {
	testing.Init()
	return &World{t: new(testing.T)}
}

// Name is "virtual".
func (*World) Name() string { return "virtual" }

// Run carries out drive in a bubble. It does not heed ctx: a channel from
// outside the bubble would stop virtual time. A run that spins for ever must
// be ended from outside the process.
func (w *World) Run(_ context.Context, spec world.Spec, hooks world.Hooks, drive func(context.Context, world.Cluster)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the bubble broke: %v", p)
		}
	}()
	synctest.Test(w.t, func(*testing.T) {
		c := newCluster(spec, hooks)
		ctx, cancel := context.WithCancel(context.Background())
		defer func() {
			if p := recover(); p != nil {
				c.fail(fmt.Errorf("panic in the run: %v\n%s", p, debug.Stack()))
			}
			cancel()
			c.close()
			err = c.failure()
		}()
		drive(ctx, c)
	})
	return err
}

// cluster is a lab in a bubble.
type cluster struct {
	spec  world.Spec
	hooks world.Hooks
	begun time.Time

	healed   chan struct{}
	roles    sync.WaitGroup
	observer *node // who dials from outside
	packets  map[string]*packetLink

	mu    sync.Mutex
	nodes map[string]*node // as last started
	links map[string]*link
	disks map[string]*disk
	looks []*packetLink // of the observer, one a socket
	err   error         // the first failure of the run itself
}

func newCluster(spec world.Spec, hooks world.Hooks) *cluster {
	c := &cluster{
		spec: spec, hooks: hooks, begun: time.Now(),
		healed: make(chan struct{}),
		nodes:  map[string]*node{}, links: map[string]*link{}, disks: map[string]*disk{},
		packets: map[string]*packetLink{},
	}
	c.observer = newNode(c, "observer", world.Boot{})
	links := spec.System.Links(spec.Scenario.Params)
	for i, l := range links {
		if l.Packet {
			c.packets[l.String()] = &packetLink{Link: l, cluster: c, number: i, of: len(links), closed: true}
			continue
		}
		c.links[l.String()] = &link{Link: l, cluster: c, control: lab.NewMutex(), closed: true}
	}
	for _, n := range spec.System.Nodes(spec.Scenario.Params) {
		if c.disks[n.Host] == nil {
			c.disks[n.Host] = newDisk(lab.Draw(spec.Seed, "disk", n.Host))
		}
	}
	return c
}

// close ends all that still runs.
func (c *cluster) close() {
	for _, n := range c.spec.System.Nodes(c.spec.Scenario.Params) {
		if running := c.node(n.Name); running != nil {
			running.die()
		}
	}
	c.observer.die()
	for _, l := range c.spec.System.Links(c.spec.Scenario.Params) {
		if l.Packet {
			c.packets[l.String()].tearDown()
		} else {
			c.links[l.String()].tearDown()
		}
	}
	c.roles.Wait()
	// Goroutines of libraries outlive the roles: net/http's dial of a request
	// that was given up, its wait of half a second before it closes on a sender
	// that it cut off. They are dead, and find out.
	time.Sleep(linger)
}

// linger is longer than any goroutine sleeps after its node's death.
const linger = time.Minute

func (c *cluster) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

func (c *cluster) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *cluster) node(name string) *node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[name]
}

// Params are the workload's parameters.
func (c *cluster) Params() lab.Params { return c.spec.Scenario.Params }

// Disk is the disk of a host, as the machine itself sees it.
func (c *cluster) Disk(host string) lab.Disk { return c.disks[host] }

// Dial connects to a node from outside, past all links.
func (c *cluster) Dial(_ context.Context, name string, port int) (net.Conn, error) {
	service := c.node(name)
	if service == nil {
		return nil, syscall.ECONNREFUSED
	}
	_, conn, err := connect(c.observer, service, port, "observer#"+strconv.FormatInt(int64(c.Elapsed()), 10))
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: addr{name, port}, Err: err}
	}
	return conn, nil
}

// Elapsed is the virtual time since the start.
func (c *cluster) Elapsed() time.Duration { return time.Since(c.begun) }

// Start runs the node's role and waits until its ports are open.
func (c *cluster) Start(ctx context.Context, name string, boot world.Boot) error {
	n := newNode(c, name, boot)
	c.mu.Lock()
	c.nodes[name] = n
	c.mu.Unlock()
	time.Sleep(bootLow + time.Duration(n.draw("boot")%uint64(bootHigh-bootLow)))
	if ctx.Err() != nil {
		n.die()
		return fmt.Errorf("it was to start: %w", ctx.Err())
	}
	role := c.spec.Variant.Roles[n.Role]
	c.roles.Go(func() { n.run(role) })
	select {
	case <-n.ready:
		return nil
	case <-n.ended:
		if n.ports() > 0 {
			return fmt.Errorf("it ended before its ports were open: %w", n.err)
		}
		return nil
	case <-ctx.Done():
		n.die()
		return fmt.Errorf("its ports did not open: %w", ctx.Err())
	}
}

// Kill revokes the node's Env, closes what it has open, and ends its context,
// in that order: a goroutine that lives on changes nothing.
func (c *cluster) Kill(name string) error {
	c.node(name).die()
	return nil
}

// Stop ends the node's context and waits for its role to return.
func (c *cluster) Stop(_ context.Context, name string, grace time.Duration) error {
	n := c.node(name)
	n.stop()
	select {
	case <-n.ended:
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.torn {
			return lab.ErrKilled
		}
		return nil
	case <-time.After(grace):
		n.die()
		return world.ErrGrace
	}
}

// Pause makes every Env call and every use of a connection of the node wait.
// Its timers still fire: one legal order of a process that was stopped.
func (c *cluster) Pause(name string) error {
	c.node(name).gate.close()
	return nil
}

// Resume lets a paused node go on.
func (c *cluster) Resume(name string) error {
	c.node(name).gate.open()
	return nil
}

// PowerCut takes from a host's disk what was not synced.
func (c *cluster) PowerCut(host string, torn bool) (int, error) {
	return c.disks[host].powerCut(torn), nil
}

// SetInside puts a fault inside a running node.
func (c *cluster) SetInside(name string, f world.InsideFault) error {
	if n := c.node(name); n != nil {
		n.inside.Set(f)
	}
	return nil
}

// ClearInside ends a fault inside a node.
func (c *cluster) ClearInside(name string, id int) error {
	if n := c.node(name); n != nil {
		n.inside.Clear(id)
	}
	return nil
}

// Unwatch does nothing: Record always waits here.
func (c *cluster) Unwatch(string, history.Kind) {}

// HealAll wakes the clients that await it.
func (c *cluster) HealAll() { close(c.healed) }

// Idle is always true: while a node could go on no time passes, and so nobody
// can ask.
func (c *cluster) Idle() bool { return true }

// portsOf lists the ports that links lead to.
func (c *cluster) portsOf(name string) []int {
	var ports []int
	for _, l := range c.spec.System.Links(c.spec.Scenario.Params) {
		if l.To == name && !slices.Contains(ports, l.Port) {
			ports = append(ports, l.Port)
		}
	}
	return ports
}
