package world

import (
	"errors"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// Record takes an event and brings into force what waits for it.
func (r *run) Record(e history.Event) {
	e.Clean()
	if r.spec.Tell != nil {
		r.spec.Tell(e)
	}
	r.mu.Lock()
	r.events = append(r.events, e)
	switch e.Kind {
	case history.Invoke:
		n := r.node(e.Node)
		n.invoked++
		n.probing = n.waiting
	case history.OK, history.Fail, history.Info:
		n := r.node(e.Node)
		n.probed = n.probing
	}
	fired, unwatched := r.trip(e)
	r.mu.Unlock()

	// Those that come later first: one that comes at once may take its time, as
	// a kill does of a node that is starting, and they would be late together.
	for _, later := range []bool{true, false} {
		for _, t := range fired {
			if (t.After > 0) == later {
				r.fire(t, e)
			}
		}
	}
	if unwatched {
		r.cluster.Unwatch(e.Node, e.Kind)
	}
}

// Waiting notes that a client's workload is done.
func (r *run) Waiting(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.node(name).waiting = true
	r.notify()
}

// Exited notes that a node ended by itself. It returns at once: the cluster
// may be in the middle of another act on the node.
func (r *run) Exited(name string, err error) {
	n := r.node(name)
	r.mu.Lock()
	life := n.incarnation
	r.mu.Unlock()
	r.started.Go(func() { r.exited(n, life, err) })
}

func (r *run) exited(n *node, life int, err error) {
	n.life.Lock()
	defer n.life.Unlock()
	r.mu.Lock()
	current := n.incarnation == life && n.up
	if current {
		n.up = false
		n.done = err == nil
	}
	r.mu.Unlock()
	if !current {
		return // killed or stopped in the meantime
	}
	e := history.Event{Kind: history.Exit, Node: n.Name}
	if err != nil {
		e.Detail = err.Error()
	}
	if errors.Is(err, lab.ErrKilled) {
		e.Kind = history.Kill
	}
	r.event(e)
	r.closeLinks(n)
	if errors.Is(err, lab.ErrKilled) {
		r.torn(n)
	}
	r.mu.Lock()
	r.notify()
	r.mu.Unlock()
}

// Met counts that an inside fault met its target.
func (r *run) Met(_ string, id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if u := r.use(id); u != nil {
		u.report.met++
	}
}

// Refused counts a refused dial to the faults that close the link.
func (r *run) Refused(link string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.uses {
		if !u.over && u.closes(link) {
			u.report.effect.Refused++
		}
	}
}
