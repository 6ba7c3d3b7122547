package userservice

import (
	"context"

	"google.golang.org/grpc"

	"faultlab/sim/lab"
)

// logged is the document's LoggingInterceptor, which its server never gets: the
// class is there, and the list of interceptors is empty. It prints before
// anybody asks whether there is a worker.
func logged(env lab.Env) []grpc.ServerOption {
	print := func(method string) {
		env.Printf("[Interceptor] Method: %s", method)
		env.Printf("[Interceptor] Time: %s", env.Now().Format("2006-01-02T15:04:05.000000"))
	}
	return []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			print(info.FullMethod)
			return next(ctx, req)
		}),
		grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			print(info.FullMethod)
			return next(srv, stream)
		}),
	}
}
