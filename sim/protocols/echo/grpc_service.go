package echo

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The methods of the service. Its messages are google.protobuf.BytesValue, and
// so it needs no proto file of its own.
const (
	serviceName = "Echo"
	sayMethod   = "/" + serviceName + "/Say"
	tellMethod  = "/" + serviceName + "/Tell"
	pushMethod  = "/" + serviceName + "/Push"
)

// servicer is the service's implementation.
type servicer struct{ desk desk }

// serviceDesc is what protoc-gen-go-grpc would write of it.
func serviceDesc() *grpc.ServiceDesc {
	return &grpc.ServiceDesc{
		ServiceName: serviceName,
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Say", Handler: handleSay}},
		Streams: []grpc.StreamDesc{
			{StreamName: "Tell", ClientStreams: true, Handler: func(srv any, stream grpc.ServerStream) error {
				return srv.(*servicer).tell(stream)
			}},
			{StreamName: "Push", ServerStreams: true, Handler: func(srv any, stream grpc.ServerStream) error {
				return srv.(*servicer).push(stream)
			}},
		},
	}
}

func handleSay(srv any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
	in := new(wrapperspb.BytesValue)
	if err := decode(in); err != nil {
		return nil, err
	}
	info := &grpc.UnaryServerInfo{Server: srv, FullMethod: sayMethod}
	return intercept(ctx, in, info, func(ctx context.Context, in any) (any, error) {
		return srv.(*servicer).say(ctx, in.(*wrapperspb.BytesValue))
	})
}
