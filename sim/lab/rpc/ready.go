package rpc

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"
)

// Ready waits until the connection is up, and fails at once where connecting
// failed, as a call without wait-for-ready does. A call that is made while the
// connection comes up would be queued inside grpc, in an order that no seed
// decides. Its errors are ErrNotSent.
func Ready(ctx context.Context, conn *grpc.ClientConn) error {
	conn.Connect()
	for {
		state := conn.GetState()
		switch state {
		case connectivity.Ready:
			return nil
		case connectivity.TransientFailure:
			return notSent(status.Error(codes.Unavailable, "connecting failed"))
		case connectivity.Shutdown:
			return notSent(status.Error(codes.Canceled, "the client is closed"))
		}
		conn.WaitForStateChange(ctx, state)
		// It chooses by lot where the state changes in the instant in which ctx
		// ends.
		if err := ctx.Err(); err != nil {
			return notSent(status.FromContextError(err).Err())
		}
		conn.Connect() // it may have gone idle
	}
}
