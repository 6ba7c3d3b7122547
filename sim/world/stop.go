package world

import (
	"context"

	"faultlab/scenarios"
)

func stopFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   stop,
			On:     scenarios.OnNode,
			Doc:    "The node is asked to end, as by SIGTERM, may finish what it is at, and starts again when the fault ends.",
			Effect: "the node was up",
		},
		begin: func(_ context.Context, r *run, u *use) error { return r.down(u, u.fault.Node, stop) },
		end:   func(ctx context.Context, r *run, u *use) error { return r.up(ctx, u) },
	}
}
