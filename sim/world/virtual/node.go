package virtual

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// How long a process takes until its role runs.
const (
	bootLow  = 1 * time.Millisecond
	bootHigh = 5 * time.Millisecond
)

// node is one life of a node: a restart makes another.
type node struct {
	lab.Node
	cluster *cluster
	boot    world.Boot
	seed    uint64
	inside  *world.Inside
	disk    lab.Disk
	gate    gate

	ctx    context.Context
	cancel context.CancelFunc
	dead   atomic.Bool   // nothing that it does counts any more
	ready  chan struct{} // closed when all its ports are open
	ended  chan struct{} // closed when its role has returned
	err    error         // of the role, once ended

	mu        sync.Mutex
	asked     bool           // to stop
	torn      bool           // a tear has taken it down
	counts    map[uint64]int // of draws, by name
	wakes     []wake
	phase     time.Duration // of its share in a slot
	listeners map[int]*listener
	conns     map[*conn]struct{}
	sockets   map[int]*socket // for datagrams, by port
}

func newNode(c *cluster, name string, boot world.Boot) *node {
	n := &node{
		Node: lab.Node{Name: name}, cluster: c, boot: boot,
		seed:  lab.NodeSeed(c.spec.Seed, name, boot.Incarnation),
		ready: make(chan struct{}), ended: make(chan struct{}),
		counts: map[uint64]int{}, listeners: map[int]*listener{}, conns: map[*conn]struct{}{}, sockets: map[int]*socket{},
	}
	for i, declared := range c.spec.System.Nodes(c.spec.Scenario.Params) {
		if declared.Name == name {
			n.Node = declared
			n.phase = time.Duration(i+1) * share % slot
		}
	}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.inside = world.NewInside(boot.Inside, func(id int) { c.hooks.Met(name, id) }, n.tear)
	n.disk = n.inside.Disk(c.disks[n.Host])
	if n.ports() == 0 {
		close(n.ready)
	}
	return n
}

// ports counts those that links lead to.
func (n *node) ports() int { return len(n.cluster.portsOf(n.Name)) }

// run is the node's life.
func (n *node) run(role func(context.Context, lab.Env) error) {
	defer func() {
		if p := recover(); p != nil {
			n.err = fmt.Errorf("panic: %v", p)
			n.cluster.fail(fmt.Errorf("%s panicked: %v\n%s", n.Name, p, debug.Stack()))
		}
		n.mu.Lock()
		expected := n.asked || n.dead.Load()
		n.mu.Unlock()
		n.die()
		close(n.ended)
		if !expected {
			n.cluster.hooks.Exited(n.Name, n.err)
		}
	}()
	n.err = role(n.ctx, env{n})
	if n.ctx.Err() != nil && errors.Is(n.err, context.Canceled) {
		n.err = nil
	}
}

// die ends the node at once.
func (n *node) die() {
	n.dead.Store(true)
	n.gate.open()
	n.mu.Lock()
	listeners, conns, sockets := n.listeners, n.conns, n.sockets
	n.listeners, n.conns, n.sockets = nil, nil, nil
	n.mu.Unlock()
	for _, port := range slices.Sorted(maps.Keys(listeners)) {
		listeners[port].shut()
	}
	for _, c := range slices.SortedFunc(maps.Keys(conns), func(a, b *conn) int { return cmp.Compare(a.name, b.name) }) {
		c.abandon()
	}
	for _, port := range slices.Sorted(maps.Keys(sockets)) {
		sockets[port].shut()
	}
	n.cancel()
}

// tear is the node's death in the middle of an append. Who has asked it to end
// hears of it from Stop.
func (n *node) tear() {
	n.mu.Lock()
	n.torn = true
	asked := n.asked
	n.mu.Unlock()
	n.die()
	if !asked {
		n.cluster.hooks.Exited(n.Name, lab.ErrKilled)
	}
}

// stop asks the node to end.
func (n *node) stop() {
	n.mu.Lock()
	n.asked = true
	n.mu.Unlock()
	n.cancel()
}

// draw hashes a name and how often it was drawn in this life.
func (n *node) draw(name ...string) uint64 {
	h := lab.Draw(n.seed, name...)
	n.mu.Lock()
	count := n.counts[h]
	n.counts[h]++
	n.mu.Unlock()
	return lab.Draw(h + uint64(count))
}

// spend lets a drawn time from [low, high) pass, waits out a pause, and
// reports whether the node still lives: in one instant with what the caller
// does then.
func (n *node) spend(low, high time.Duration, name ...string) error {
	drawn := n.draw(name...)
	n.sleep(low+time.Duration(drawn%uint64(high-low)), drawn)
	n.waitOut(drawn)
	return n.alive()
}

// slot is the grain of the times at which a node's goroutines wake, and share
// the part of it that is the node's. What would wake in one instant gets the
// nanoseconds of that share, in the order of the keys: of a hundred requests that
// a fault lets go at once many meet, and which of two came first no seed would
// decide. Nor which of two nodes dialled first, if they woke together. All of it
// is even: a fault comes at odd ones.
const (
	slot  = 1024 * time.Nanosecond
	share = 64 * time.Nanosecond
)

// wake is a goroutine that sleeps, or woke in the slot that is passing.
type wake struct {
	at  time.Duration
	key uint64
}

// sleep lets about d pass.
func (n *node) sleep(d time.Duration, key uint64) {
	now := n.cluster.Elapsed()
	at := (now+d-n.phase+slot-1)/slot*slot + n.phase
	n.mu.Lock()
	n.wakes = slices.DeleteFunc(n.wakes, func(w wake) bool { return w.at < now })
	n.wakes = append(n.wakes, wake{at, key})
	n.mu.Unlock()
	time.Sleep(at - now)
	rank := time.Duration(0)
	n.mu.Lock()
	for _, w := range n.wakes {
		if w.at == at && w.key < key {
			rank += 2
		}
	}
	n.mu.Unlock()
	if rank > 0 {
		time.Sleep(rank)
	}
}

// waitOut waits out a pause, and then lets a time pass that is hashed from
// drawn. It reports whether there was one.
func (n *node) waitOut(drawn uint64) (waited bool) {
	for n.gate.pass() {
		waited = true
		drawn = lab.Draw(drawn)
		time.Sleep(1 + time.Duration(drawn%uint64(recordHigh)))
	}
	return waited
}

// alive reports whether the node still lives.
func (n *node) alive() error {
	if n.dead.Load() {
		return lab.ErrKilled
	}
	return nil
}

// own adds a connection to those that end with the node.
func (n *node) own(c *conn) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conns == nil {
		return lab.ErrKilled
	}
	n.conns[c] = struct{}{}
	return nil
}

func (n *node) disown(c *conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.conns, c)
}
