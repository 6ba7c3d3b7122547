package lab

import (
	"context"
	"time"
)

// Rest waits, and reports ctx's error if that ends first, or in the same
// instant: of two that are ready a select chooses by lot, which no seed decides.
func Rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}
