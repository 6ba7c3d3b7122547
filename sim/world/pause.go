package world

import (
	"context"

	"faultlab/scenarios"
	"faultlab/sim/history"
)

func pauseFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   pause,
			On:     scenarios.OnNode,
			Doc:    "The node stands still, as by SIGSTOP, and goes on when the fault ends: a long garbage collection, a suspended machine. It does not notice.",
			Effect: "the node was up, and not just starting",
		},
		begin: func(_ context.Context, r *run, u *use) error {
			n := r.node(u.fault.Node)
			r.mu.Lock()
			up := n.up && !n.starting
			if up {
				n.pauses[u.id] = true
				u.report.met++
			}
			first := len(n.pauses) == 1
			r.mu.Unlock()
			if !up || !first {
				return nil
			}
			r.event(history.Event{T: u.floor, Kind: history.Pause, Node: n.Name, ID: u.name()})
			return r.cluster.Pause(n.Name)
		},
		end: func(_ context.Context, r *run, u *use) error {
			n := r.node(u.fault.Node)
			r.mu.Lock()
			held := n.pauses[u.id] // not if it was killed meanwhile
			delete(n.pauses, u.id)
			last := len(n.pauses) == 0
			r.mu.Unlock()
			if !held || !last {
				return nil
			}
			r.event(history.Event{Kind: history.Resume, Node: n.Name, ID: u.name()})
			return r.cluster.Resume(n.Name)
		},
	}
}
