package world

import (
	"context"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

func powercutFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name: powercut,
			On:   scenarios.OnNode,
			Attrs: param.List{
				{Name: "torn", Default: false, Doc: "A drawn part of the appends that were not synced stays, instead of nothing."},
			},
			World:  "virtual",
			Doc:    "The node's host loses power: all nodes on it die, and its disk keeps only what was synced; renames that no directory sync made durable are undone. The host starts again when the fault ends. SIGKILL cannot show this, because the page cache outlives a process.",
			Effect: "a node of the host was up",
		},
		begin: func(_ context.Context, r *run, u *use) error {
			host := r.node(u.fault.Node).Host
			for _, n := range r.nodes {
				if n.Host != host {
					continue
				}
				if err := r.down(u, n.Name, kill); err != nil {
					return err
				}
			}
			lost, err := r.cluster.PowerCut(host, u.fault.Values.Bool("torn"))
			r.mu.Lock()
			u.report.lost += lost
			r.mu.Unlock()
			return err
		},
		end: func(ctx context.Context, r *run, u *use) error { return r.up(ctx, u) },
	}
}
