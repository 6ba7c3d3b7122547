package chat

import (
	"context"
	"errors"
)

// together runs the parts of a program until all have returned. When one ends,
// so do the others, and that they were told to is no error of theirs.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part(ctx) }()
	}
	var errs []error
	for range parts {
		if err := <-ended; ctx.Err() == nil || !errors.Is(err, context.Canceled) {
			errs = append(errs, err)
		}
		cancel()
	}
	return errors.Join(errs...)
}
