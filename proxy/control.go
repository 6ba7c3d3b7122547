package proxy

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrHung is what a control call wraps that did not come back. What state the
// proxy is in is then unknown, and so is the verdict on the run.
var ErrHung = errors.New("the proxy hung")

// patience is how long a control call may take. After 5 s of a stalled reader
// Toxiproxy throws chunks away in the middle of a stream and does not say so:
// a call must have been reported before that.
const patience = 4 * time.Second

// bounded makes a call that may hang, and leaves it behind if it does. A call
// that comes to its turn only after it was given up does nothing.
func bounded(ctx context.Context, what string, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call(ctx) }()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w: %w", what, ErrHung, ctx.Err())
	}
}
