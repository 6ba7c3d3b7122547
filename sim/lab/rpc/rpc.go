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
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	"faultlab/sim/lab"
)

// Serve answers calls on a port until ctx ends. An overloaded node answers
// RESOURCE_EXHAUSTED and does nothing. Server reflection is on, so that
// grpcurl needs no proto file.
func Serve(ctx context.Context, env lab.Env, port int, register func(*grpc.Server), opts ...grpc.ServerOption) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	s := grpc.NewServer(append(opts,
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
	)...)
	register(s)
	reflection.Register(s)
	stop := context.AfterFunc(ctx, s.Stop)
	defer stop()
	if err := s.Serve(lab.Accepting(env, ln)); !errors.Is(err, grpc.ErrServerStopped) && ctx.Err() == nil {
		return err
	}
	return nil
}

func admit(env lab.Env) error {
	if env.Overloaded() {
		return status.Error(codes.ResourceExhausted, "the server is overloaded")
	}
	return nil
}

// Dial makes a client of the service at the end of a link. It connects when it
// is first used, and again after a rest that grows from 50 ms to 1 s; the rest
// has no jitter, which grpc would draw where no seed reaches.
func Dial(env lab.Env, to string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("passthrough:///"+to, append([]grpc.DialOption{
		recorded(env, to),
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

// Ready waits until the connection is up, and fails at once where connecting
// failed, as a call without wait-for-ready does. A call that is made while the
// connection comes up would be queued inside grpc, in an order that no seed
// decides.
func Ready(ctx context.Context, conn *grpc.ClientConn) error {
	conn.Connect()
	for {
		switch state := conn.GetState(); state {
		case connectivity.Ready:
			return nil
		case connectivity.TransientFailure:
			return status.Error(codes.Unavailable, "connecting failed")
		case connectivity.Shutdown:
			return status.Error(codes.Canceled, "the client is closed")
		default:
			if !conn.WaitForStateChange(ctx, state) {
				return status.FromContextError(ctx.Err()).Err()
			}
			conn.Connect() // it may have gone idle
		}
	}
}
