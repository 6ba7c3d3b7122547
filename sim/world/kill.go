package world

import (
	"context"

	"faultlab/scenarios"
)

func killFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   kill,
			On:     scenarios.OnNode,
			Doc:    "The node dies at once, as by SIGKILL, and starts again when the fault ends. What it wrote to its disk stays: the page cache survives a process.",
			Effect: "the node was up",
		},
		begin: func(_ context.Context, r *run, u *use) error { return r.down(u, u.fault.Node, kill) },
		end:   func(ctx context.Context, r *run, u *use) error { return r.up(ctx, u) },
	}
}
