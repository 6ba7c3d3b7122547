package world

import (
	"context"
	"slices"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// quiet is how long nothing must move before a run counts as settled.
const quiet = 30 * time.Millisecond

// patience bounds how long a run waits for what should have happened already.
func (r *run) patience() time.Duration {
	if d := r.spec.Scenario.Settle; d > 0 {
		return d
	}
	return DefaultSettle
}

// awaitWorkload waits until the clients are done, the clock steps are over and
// the triggers have fired; or, for what will not come any more, until
// everything has settled or patience ends.
func (r *run) awaitWorkload(ctx context.Context) {
	deadline := r.origin + max(r.nominal(), r.lastMoment()) + r.longestTriggered() + r.patience()
	r.await(ctx, deadline, func() bool {
		r.mu.Lock()
		done := r.clients(func(n *node) bool { return n.waiting || n.done || len(n.downs) > 0 })
		fired, running := true, false
		for _, t := range r.triggers {
			fired = fired && t.fired
			running = running || t.delayed
		}
		for _, u := range r.uses {
			running = running || !u.over && u.fault.For > 0 && (u.fault.Name != tear || u.torn)
		}
		r.mu.Unlock()
		early := r.cluster.Elapsed()-r.origin < r.lastMoment()
		return done && !early && !running && (fired || r.settled())
	})
}

// awaitSettled waits after the heal until the probes are done and nothing
// moves any more.
func (r *run) awaitSettled(ctx context.Context) {
	deadline := r.cluster.Elapsed() + r.patience()
	r.await(ctx, deadline, func() bool {
		r.mu.Lock()
		done := r.clients(func(n *node) bool { return n.done || n.probed && r.serves(n) })
		r.mu.Unlock()
		if !done || !r.cluster.Idle() || !r.settled() {
			return false
		}
		before := r.traffic()
		select {
		case <-time.After(quiet):
		case <-ctx.Done():
		}
		return r.cluster.Idle() && before == r.traffic() && r.settled()
	})
}

// clients reports whether all clients are so; run.mu is held.
func (r *run) clients(so func(*node) bool) bool {
	for _, n := range r.nodes {
		if n.Client && !so(n) {
			return false
		}
	}
	return true
}

// serves reports whether other nodes dial this one. A client that they do is a
// peer: it does not end with its own last operation, for those of the others
// come to it.
func (r *run) serves(n *node) bool {
	return slices.ContainsFunc(r.spec.System.Links(r.spec.Scenario.Params), func(l lab.Link) bool { return l.To == n.Name })
}

// settled asks the lab whether anything is still on its way.
func (r *run) settled() bool {
	if r.spec.Variant.Settled == nil {
		return true
	}
	ok, err := r.spec.Variant.Settled(observer{r.cluster, r})
	return ok && err == nil
}

// traffic counts the events that show something on its way.
func (r *run) traffic() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := 0
	for _, e := range r.events {
		switch e.Kind {
		case history.Send, history.Recv, history.Store, history.Accept:
			count++
		}
	}
	return count
}
