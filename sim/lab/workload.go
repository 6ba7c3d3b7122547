package lab

import (
	"context"
	"time"
)

// Workload runs a client's part of the workload: op(1), op(2) … op(n), one
// every period, then, once all faults are over, op(n+1) as the probe. After a
// restart it goes on with the first operation that was not invoked yet.
//
// op records its own invoke and completion. Workload returns ctx's error if
// that ends first.
func Workload(ctx context.Context, env Env, n int64, every time.Duration, op func(seq int64)) error {
	done := env.Invoked()
	tick := time.NewTimer(0)
	defer tick.Stop()
	next := time.Now()
	for seq := done + 1; seq <= n; seq++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		// Where both are ready the select chose by lot.
		if err := ctx.Err(); err != nil {
			return err
		}
		op(seq)
		next = next.Add(every)
		tick.Reset(time.Until(next))
	}
	if done > n {
		return nil
	}
	if err := env.AwaitHeal(ctx); err != nil {
		return err
	}
	op(n + 1)
	return ctx.Err()
}
