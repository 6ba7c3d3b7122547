// Package rpc lets labs speak gRPC through their Env: a server on a documented
// port, and a client that dials over a link.
//
// Calls and handlers record what they send and get. That also keeps them apart
// in virtual time: an event takes a drawn time, so that no two calls of one
// node begin in one instant.
package rpc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/tap"

	"faultlab/sim/lab"
)

// goodbye is how long a server that is to end lets the calls it has begun
// finish. It is less than the grace after which a stopped node is killed.
const goodbye = time.Second

// Serve answers calls on a port until ctx ends; those that have begun by then
// may finish, for a second. An overloaded node answers RESOURCE_EXHAUSTED and
// does nothing. Server reflection is on, so that grpcurl needs no proto file.
func Serve(ctx context.Context, env lab.Env, port int, register func(*grpc.Server), opts ...grpc.ServerOption) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	s := grpc.NewServer(slices.Concat(opts, []grpc.ServerOption{
		grpc.InTapHandle(outlive),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if err := admit(env); err != nil {
				return nil, err
			}
			return next(ctx, req)
		}),
		grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			if err := admit(env); err != nil {
				return err
			}
			return next(srv, stream)
		}),
	})...)
	register(s)
	reflection.Register(s)
	ended := context.AfterFunc(ctx, func() {
		late := time.AfterFunc(goodbye, s.Stop)
		defer late.Stop()
		s.GracefulStop()
	})
	defer ended()
	if err := s.Serve(lab.Accepting(env, ln)); !errors.Is(err, grpc.ErrServerStopped) && ctx.Err() == nil {
		return err
	}
	return nil
}

// Dial makes a client of the service at the end of a link. It connects when it
// is first used, and again after a rest that grows from 50 ms to 1 s; the rest
// has no jitter, which grpc would draw where no seed reaches. (For the same
// reason no lab may set a retry policy, nor a server a MaxConnectionAge.)
//
// Unary calls are recorded; what a stream carries its lab must record, each
// message before it is sent and before it is handled.
func Dial(env lab.Env, to string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("passthrough:///"+to, append([]grpc.DialOption{
		recorded(env, to),
		grpc.WithChainStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
			if err := Ready(ctx, conn); err != nil {
				return nil, err
			}
			return open(ctx, desc, conn, method, opts...)
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return env.Dial(ctx, to) }),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, MaxDelay: time.Second},
			MinConnectTimeout: time.Second,
		}),
	}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("make a client of %s: %w", to, err)
	}
	return conn, nil
}

// outlive makes a call's context end just after its deadline. The server takes
// the call down at the deadline itself; whether an answer that the handler gives
// in the same instant still goes out no seed would decide.
func outlive(ctx context.Context, _ *tap.Info) (context.Context, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return ctx, nil
	}
	longer, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(time.Microsecond))
	context.AfterFunc(ctx, func() {
		// By the client, or the call is over. At the deadline the server cancels,
		// too: of which of the two its context tells then no seed would decide.
		if time.Until(deadline) > 0 {
			cancel()
		}
	})
	return longer, nil
}
