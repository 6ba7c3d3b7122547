package virtual

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// How much virtual time things take. What takes none cannot race.
const (
	recordLow, recordHigh = 1 * time.Nanosecond, 60 * time.Microsecond
	diskLow, diskHigh     = 2 * time.Microsecond, 60 * time.Microsecond
	syncLow, syncHigh     = 60 * time.Microsecond, 600 * time.Microsecond
	dialLow, dialHigh     = 50 * time.Microsecond, 300 * time.Microsecond
)

// env is what a node sees of the virtual world.
type env struct{ *node }

func (e env) Node() lab.Node { return e.node.Node }

func (e env) Params() lab.Params { return e.cluster.spec.Scenario.Params }

func (e env) Disk() lab.Disk { return timedDisk{e.node} }

func (e env) Now() time.Time {
	e.waitOut(e.seed)
	return e.inside.Clock(time.Now())
}

func (e env) Rand(name string) *rand.Rand { return lab.Rand(e.seed, "rand", name) }

// Usage draws a load between 2% and 15%, and a memory that hardly moves.
func (e env) Usage() (cpu, mem float64) {
	d := e.draw("usage")
	return 2 + float64(d%130)/10, 64 + float64(d>>32%20)/10
}

func (e env) Printf(format string, args ...any) {
	e.Record(history.Event{Kind: history.Print, Value: fmt.Sprintf(format, args...)})
}

func (e env) Record(ev history.Event) {
	about := ev.Msg
	if ev.Kind == history.Print {
		about = ev.Value // two goroutines that a stop woke print in one instant
	}
	if e.spend(recordLow, recordHigh, "record", string(ev.Kind), ev.Source, strconv.FormatInt(ev.Seq, 10), ev.ID, about) != nil {
		return
	}
	ev.T = int64(e.cluster.Elapsed())
	ev.Node = e.Name
	e.cluster.hooks.Record(ev)
	e.waitOut(uint64(ev.T)) // the event may be what a pause waited for
}

func (e env) Invoked() int64 { return e.boot.Invoked }

func (e env) AwaitHeal(ctx context.Context) error {
	if err := e.alive(); err != nil {
		return err
	}
	e.cluster.hooks.Waiting(e.Name)
	select {
	case <-e.cluster.healed:
		return e.alive()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e env) Overloaded() bool { return e.inside.Overloaded() }

// Terminal is nil: people cannot wait in virtual time.
func (env) Terminal() io.ReadWriter { return nil }

func (e env) Listen(port int) (net.Listener, error) {
	l := &listener{node: e.node, port: port, wake: make(chan struct{}, 1)}
	fail := func(err error) error {
		return &net.OpError{Op: "listen", Net: "tcp", Addr: l.Addr(), Err: err}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.listeners == nil:
		return nil, fail(lab.ErrKilled)
	case e.listeners[port] != nil:
		return nil, fail(syscall.EADDRINUSE)
	}
	e.listeners[port] = l
	e.readyIfOpen()
	return l, nil
}

// readyIfOpen tells that the node is ready, if all ports that links lead to are
// open; node.mu is held.
func (e env) readyIfOpen() {
	for _, p := range e.cluster.portsOf(e.Name) {
		if e.listeners[p] == nil && e.sockets[p] == nil {
			return
		}
	}
	select {
	case <-e.ready:
	default:
		close(e.ready)
	}
}

func (e env) Dial(ctx context.Context, to string) (net.Conn, error) {
	l := e.cluster.links[lab.Link{From: e.Name, To: to}.String()]
	if l == nil {
		panic(fmt.Sprintf("%s dials %s, but no link joins them", e.Name, to))
	}
	err := e.reach(ctx, to)
	var c *conn
	if err == nil {
		c, err = l.dial(e.node)
	}
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: addr{to, l.Port}, Err: err}
	}
	return c, nil
}

// reach takes the time of a dial, and fails if nobody wants it any more then.
func (e env) reach(ctx context.Context, to string) error {
	if err := e.spend(dialLow, dialHigh, "dial", to); err != nil {
		return err
	}
	return ctx.Err()
}
