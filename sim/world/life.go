package world

import (
	"context"
	"errors"
	"fmt"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// start brings a node up and opens the links that lead to it, unless a fault
// keeps it down.
func (r *run) start(ctx context.Context, n *node) error {
	ctx, cancel := context.WithTimeout(ctx, controlBound)
	defer cancel()
	r.mu.Lock()
	n.calls++
	turn := n.calls
	r.mu.Unlock()
	// Its last life may still be ending: asked to stop, it takes its time. The
	// next one begins after that, and in a later instant, or the history would
	// have its Start before the end. What a trigger ends has its Stop one instant
	// behind the trigger's event, and its Exit two. If two faults wait here to
	// start it, they go on in the order in which they came.
	if err := n.life.LockContext(ctx); err != nil {
		return fmt.Errorf("start %s: wait for its last life to end: %w", n.Name, err)
	}
	n.life.Unlock()
	time.Sleep(time.Duration(2+turn) * time.Nanosecond)
	r.mu.Lock()
	if n.up || n.starting || len(n.downs) > 0 {
		r.mu.Unlock()
		return nil
	}
	n.starting, n.abort = true, cancel
	n.incarnation++
	r.mu.Unlock()

	// n.life is not held yet: a trigger may wait for this very event, to kill
	// the node at once.
	r.event(history.Event{Kind: history.Start, Node: n.Name})
	time.Sleep(2 * time.Nanosecond) // a stop that waited for it goes on besides, and comes first
	err := r.boot(ctx, n)

	r.mu.Lock()
	n.starting, n.abort = false, nil
	aborted := !n.up && n.aborted
	n.aborted = false
	r.mu.Unlock()
	switch {
	case aborted:
		r.event(history.Event{Kind: history.Kill, Node: n.Name})
		return r.start(context.WithoutCancel(ctx), n) // what took it down may be over by now
	case err != nil:
		return fmt.Errorf("start %s: %w", n.Name, err)
	}
	return nil
}

// boot is the part of a start in which n.life is held.
func (r *run) boot(ctx context.Context, n *node) error {
	n.life.Lock()
	defer n.life.Unlock()
	r.mu.Lock()
	n.up = !n.aborted
	boot := Boot{Incarnation: n.incarnation, Invoked: n.invoked, Inside: r.insideOf(n), Watch: r.watched(n.Name)}
	up := n.up
	r.mu.Unlock()
	if !up {
		return nil
	}
	err := r.cluster.Start(ctx, n.Name, boot)
	if err == nil {
		err = r.openLinks(ctx, n)
	}
	if err == nil {
		return nil
	}
	r.mu.Lock()
	n.up = false
	r.mu.Unlock()
	if errors.Is(err, lab.ErrKilled) {
		// A tear took it down in an append of its recovery.
		r.event(history.Event{Kind: history.Kill, Node: n.Name})
		r.torn(n)
		return nil
	}
	return err
}

// down takes a node down for as long as u lasts. how is kill or stop.
func (r *run) down(u *use, name, how string) error {
	n := r.node(name)
	r.mu.Lock()
	if u.ended || n.done { // whose work is done would be started for nothing
		r.mu.Unlock()
		return nil
	}
	n.downs[u.id] = true
	starting, stopping := n.starting, n.stopping
	if starting || stopping {
		u.report.met++
	}
	if starting {
		n.aborted = true
		n.abort() // it may be this fault that its start is waiting for
	}
	n.killed = n.killed || stopping && how == kill
	r.mu.Unlock()
	if stopping && how == kill {
		// The same for a node that is ending: who stops it holds n.life.
		return r.cluster.Kill(name)
	}

	n.life.Lock()
	defer n.life.Unlock()
	r.mu.Lock()
	up := n.up && n.downs[u.id] // else the fault is over before it came to it
	if up {
		n.up, n.stopping = false, how == stop
	}
	if how == kill {
		clear(n.pauses) // a node that stands still ends when it goes on
	}
	if up && !starting {
		u.report.met++
	}
	r.mu.Unlock()
	if !up {
		return nil
	}
	defer r.closeLinks(n)
	if how == stop {
		return r.stop(u, n)
	}
	if err := r.cluster.Kill(name); err != nil {
		return fmt.Errorf("kill %s: %w", name, err)
	}
	r.event(history.Event{T: u.floor, Kind: history.Kill, Node: name, ID: u.name()})
	return nil
}

// stop asks a node to end; n.life is held.
func (r *run) stop(u *use, n *node) error {
	defer func() {
		r.mu.Lock()
		n.stopping, n.killed = false, false
		r.mu.Unlock()
	}()
	r.event(history.Event{T: u.floor, Kind: history.Stop, Node: n.Name, ID: u.name()})
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace+controlBound)
	defer cancel()
	// It may end in the very instant in which it was asked to.
	end := history.Event{T: u.floor + 1, Kind: history.Exit, Node: n.Name, ID: u.name()}
	err := r.cluster.Stop(ctx, n.Name, stopGrace)
	switch {
	case errors.Is(err, ErrGrace):
		// What a supervisor does with a process that is paused, or that must
		// not end while its disk does not take what it holds.
		end.Kind, end.Detail = history.Kill, err.Error()
	case errors.Is(err, lab.ErrKilled):
		end.Kind = history.Kill
		r.torn(n)
	case err != nil:
		return fmt.Errorf("stop %s: %w", n.Name, err)
	}
	r.mu.Lock()
	if n.killed { // else what it could not bring to an end would seem its own doing
		end.Kind = history.Kill
	}
	r.mu.Unlock()
	r.event(end)
	return nil
}

// up lets the nodes that u kept down start again.
func (r *run) up(ctx context.Context, u *use) error {
	for _, n := range r.nodes {
		r.mu.Lock()
		held := n.downs[u.id]
		delete(n.downs, u.id)
		r.mu.Unlock()
		if !held {
			continue
		}
		if err := r.start(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) openLinks(ctx context.Context, n *node) error {
	for _, l := range r.spec.System.Links(r.spec.Scenario.Params) {
		if l.To == n.Name {
			if err := r.cluster.Open(ctx, l.String()); err != nil {
				return fmt.Errorf("open %s: %w", l, err)
			}
		}
	}
	return nil
}

// closeLinks makes the links to a dead node refuse: behind an open proxy a
// dial would be accepted and closed instead.
func (r *run) closeLinks(n *node) {
	ctx, cancel := context.WithTimeout(context.Background(), controlBound)
	defer cancel()
	for _, l := range r.spec.System.Links(r.spec.Scenario.Params) {
		if l.To == n.Name {
			if err := r.cluster.Close(ctx, l.String()); err != nil {
				r.problem("close %s: %v", l, err)
			}
		}
	}
}

// tick is how often a waiting run looks again at what tells it nothing. It is
// no round time: a fault that ends ten milliseconds after an event must not do
// so in the very instant in which the run looks.
const tick = 9_973_217 * time.Nanosecond

// await waits until cond holds, looking again whenever the run's state
// changes and every tick, at most until deadline (of the cluster's clock).
func (r *run) await(ctx context.Context, deadline time.Duration, cond func() bool) bool {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		r.mu.Lock()
		changed := r.changed
		r.mu.Unlock()
		if cond() {
			return true
		}
		left := deadline - r.cluster.Elapsed()
		if left <= 0 {
			return false
		}
		timer.Reset(min(left, tick))
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
}
