package userservice

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// workers are the threads of ThreadPoolExecutor(10). A call holds one from its
// beginning to its end, and an open stream has none for a long time: it does
// not matter that it does nothing. Who finds no worker waits for one.
type workers struct {
	env  lab.Env
	busy chan struct{} // room for one each
}

func newWorkers(env lab.Env) workers {
	return workers{env, make(chan struct{}, env.Params().Int("workers"))}
}

// take waits for a worker until ctx ends.
func (w workers) take(ctx context.Context) error {
	if len(w.busy) == cap(w.busy) {
		e := about(ctx)
		e.Kind, e.Op, e.Detail = history.Decide, "worker", fmt.Sprintf("%d of %d workers are busy → wait", len(w.busy), cap(w.busy))
		w.env.Record(e)
	}
	if err := ctx.Err(); err != nil {
		return status.FromContextError(err).Err()
	}
	select {
	case w.busy <- struct{}{}:
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
	// Where both are ready the select chose by lot.
	if err := ctx.Err(); err != nil {
		w.leave()
		return status.FromContextError(err).Err()
	}
	return nil
}

func (w workers) leave() { <-w.busy }

// unary gives each unary call a worker.
func (w workers) unary() grpc.ServerOption {
	return grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if err := w.take(ctx); err != nil {
			return nil, err
		}
		defer w.leave()
		return next(ctx, req)
	})
}

// streaming gives each stream a worker.
func (w workers) streaming() grpc.ServerOption {
	return grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if err := w.take(stream.Context()); err != nil {
			return err
		}
		defer w.leave()
		return next(srv, stream)
	})
}

// busy lets the time pass that the server takes for a part of a call. It goes
// on when the call is cancelled, and ends with the node.
func busy(node context.Context, env lab.Env, call context.Context, d time.Duration) error {
	err := lab.Rest(node, d)
	if err != nil {
		// All calls end in the instant in which the server says goodbye; an event
		// has a time of its own.
		e := about(call)
		e.Kind, e.Op, e.Detail = history.Decide, "call", "the server stops → give up"
		env.Record(e)
	}
	return err
}
