package rpc

import (
	"context"
	"path"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

type aboutKey struct{}

// About says what the calls made with the context are about: source, number,
// id and value of the events that they record.
func About(ctx context.Context, e history.Event) context.Context {
	return context.WithValue(ctx, aboutKey{}, e)
}

// recorded records each unary call: a Send when there is a connection and
// nothing has left, a Recv when the whole answer is there, a Decide when there
// will be none.
func recorded(env lab.Env, to string) grpc.DialOption {
	link := lab.Link{From: env.Node().Name, To: to}.String()
	return grpc.WithChainUnaryInterceptor(func(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if err := Ready(ctx, conn); err != nil {
			return err
		}
		e, _ := ctx.Value(aboutKey{}).(history.Event)
		e.Kind, e.Op, e.Link, e.Msg = history.Send, path.Base(method), link, Request(path.Base(method), e.ID)
		env.Record(e)
		// A call that begins cancelled may still send a part of itself, by lot.
		if err := ctx.Err(); err != nil {
			return notSent(status.FromContextError(err).Err())
		}
		err := invoke(ctx, method, req, reply, conn, opts...)
		if status.Code(err) == codes.OK {
			e.Kind, e.Msg = history.Recv, Answer(path.Base(method), e.ID)
		} else {
			// Whoever closes the connection in the instant in which a call on it
			// fails meets its reader at rest, or in the middle of something, by lot.
			e.Kind, e.Msg, e.Value, e.Detail = history.Decide, "", "", "the call has failed: "+status.Code(err).String()
		}
		env.Record(e)
		return err
	})
}

// Request is the Msg of a call about id, for who sends and who gets it.
func Request(method, id string) string { return method + " " + id }

// Answer is the Msg of the answer to it.
func Answer(method, id string) string { return "re " + method + " " + id }
