package proxy

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// Active is one use of a fault on one link, in force or over.
type Active struct {
	kind    Kind
	fault   Fault
	carrier carrier       // nil where State is told the connections
	over    chan struct{} // closed when the fault ends
	end     sync.Once
	inForce atomic.Bool // live: connections that start from now on are fresh

	spent atomic.Bool // drop: its one datagram is lost

	chunks, bytes, cut atomic.Int64
	// of datagrams
	datagrams, lost, duplicated, reordered, corrupted, truncated atomic.Int64

	mu  sync.Mutex
	met map[string]bool // connections by name
}

// Conn is what a fault must know of a connection that runs through it.
type Conn struct {
	Name  string // stable over replays: draws depend on it
	Fresh bool   // it was opened after the fault came into force
	Reset func() // makes both ends see a reset; may be nil
	// Gone is closed when nobody is left at either end, so that even a
	// blackhole may let go of it; nil: never.
	Gone <-chan struct{}
}

// Prepare makes a fault ready for use, or says what is wrong with it. In a
// bubble of testing/synctest it must be called inside: a channel made outside
// would stop virtual time.
func Prepare(f Fault) (*Active, error) {
	a, err := prepare(f)
	if err == nil && !a.kind.Streams() {
		err = errors.New(a.kind.Name + " acts on datagrams, and this link carries streams")
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

func prepare(f Fault) (*Active, error) {
	kind, err := kindOf(f.Kind)
	if err != nil {
		return nil, err
	}
	// Read again what was read before: values of another kind, or none, must
	// not get through to a toxic.
	f.Values, err = kind.parse(f.Values.Text())
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", kind.Name, err)
	case kind.Whole && f.Upstream != f.Downstream:
		return nil, fmt.Errorf("%s acts on the link as a whole; leave the direction out", kind.Name)
	case !kind.Whole && !f.Upstream && !f.Downstream:
		return nil, errors.New(kind.Name + " has no direction; say upstream, downstream or both")
	}
	a := newActive(kind)
	a.fault = f
	return a, nil
}

func newActive(kind Kind) *Active {
	return &Active{kind: kind, over: make(chan struct{}), met: map[string]bool{}}
}

// Stages lists what to chain in one direction, in order. There is nothing for
// down, nor in a direction on which the fault does not act. One set of stages
// serves all connections of the link.
func (a *Active) Stages(d stream.Direction) []toxics.Toxic {
	if a.kind.toxic == nil || !a.acts(d) {
		return nil
	}
	toxic := a.kind.toxic(a.fault.Values)
	if own, ok := toxic.(stage); ok {
		own.bind(a, d)
		return []toxics.Toxic{toxic}
	}
	m := new(meter)
	m.bind(a, d)
	return []toxics.Toxic{m, toxic}
}

// State is what the stub that runs a stage on a connection must hold as State.
func (a *Active) State(t toxics.Toxic, c Conn) any {
	if own, ok := t.(stage); ok {
		return own.flow(c)
	}
	if stateful, ok := t.(toxics.StatefulToxic); ok {
		return stateful.NewState()
	}
	return nil
}

// End ends the fault. The stages that Stays names go on running, and let pass
// by themselves what may pass; the others are Toxiproxy's own, and the caller
// interrupts them and runs a noop instead, or closes the stub of a
// toxics.CleanupToxic.
func (a *Active) End() { a.end.Do(func() { close(a.over) }) }

// Stays reports whether a stage is left running when its fault is over.
func Stays(t toxics.Toxic) bool {
	_, own := t.(stage)
	return own
}

// Cut tells that down closed that many connections.
func (a *Active) Cut(connections int) { a.cut.Add(int64(connections)) }

// Effect is what the fault has met so far.
func (a *Active) Effect() Effect {
	a.mu.Lock()
	defer a.mu.Unlock()
	return Effect{
		Connections: int64(len(a.met)) + a.cut.Load(),
		Chunks:      a.chunks.Load(),
		Bytes:       a.bytes.Load(),
		Datagrams:   a.datagrams.Load(),
		Lost:        a.lost.Load(),
		Duplicated:  a.duplicated.Load(),
		Reordered:   a.reordered.Load(),
		Corrupted:   a.corrupted.Load(),
		Truncated:   a.truncated.Load(),
	}
}

// meet counts a connection that ran into the fault.
func (a *Active) meet(connection string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.met[connection] = true
}
