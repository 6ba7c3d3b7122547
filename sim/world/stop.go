package world

import (
	"context"
	"time"

	"faultlab/scenarios"
)

func stopFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   stop,
			On:     scenarios.OnNode,
			Doc:    "The node is asked to end, as by SIGTERM, may finish what it is at, and starts again when the fault ends. After 2s it is killed.",
			Effect: "the node was up",
		},
		// It is in force once it is asked for: the node may be waiting, at an
		// event of its own, for just that, and could not end before it.
		begin: func(_ context.Context, r *run, u *use) error {
			r.started.Go(func() {
				// Nor may the node begin what its event announced in the very
				// instant in which its context ends.
				time.Sleep(time.Nanosecond + u.report.nudge)
				if err := r.down(u, u.fault.Node, stop); err != nil {
					r.problem("%v", err)
				}
			})
			return nil
		},
		end: func(ctx context.Context, r *run, u *use) error { return r.up(ctx, u) },
	}
}
