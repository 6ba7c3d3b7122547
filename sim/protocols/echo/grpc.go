package echo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
)

// grpc2 is gRPC over HTTP/2: a message is a call, or an item of a stream.
type grpc2 struct{}

func (grpc2) serve(ctx context.Context, env lab.Env, d desk) error {
	return rpc.Serve(ctx, env, port, func(s *grpc.Server) {
		s.RegisterService(serviceDesc(), &servicer{desk: d})
	})
}

// say answers one call.
func (s *servicer) say(ctx context.Context, in *wrapperspb.BytesValue) (*wrapperspb.BytesValue, error) {
	if err := s.desk.answer(ctx, string(in.GetValue())); err != nil {
		return nil, err
	}
	return in, nil
}

// tell takes the items of a stream, until one wants it to read no more.
func (s *servicer) tell(stream grpc.ServerStream) error {
	for {
		in := new(wrapperspb.BytesValue)
		err := stream.RecvMsg(in)
		if errors.Is(err, io.EOF) {
			return stream.SendMsg(new(wrapperspb.BytesValue))
		}
		if err != nil {
			return err
		}
		m, err := s.desk.take(string(in.GetValue()))
		if err != nil {
			return err
		}
		if m.verb == stop {
			<-stream.Context().Done()
			return stream.Context().Err()
		}
	}
}

// push sends messages to a client that asked once.
func (s *servicer) push(stream grpc.ServerStream) error {
	if err := stream.RecvMsg(new(wrapperspb.BytesValue)); err != nil {
		return err
	}
	return pushed(stream.Context(), s.desk.env.Params(), func(m message) error {
		return stream.SendMsg(wrapperspb.Bytes([]byte(m.String())))
	})
}

func (grpc2) dial(_ context.Context, env lab.Env) (channel, error) {
	conn, err := rpc.Dial(env, server)
	if err != nil {
		return nil, err
	}
	return &grpcChannel{env: env, conn: conn}, nil
}

type grpcChannel struct {
	env    lab.Env
	conn   *grpc.ClientConn
	stream grpc.ClientStream // what is told goes into it; nil: it is not open yet
}

func (c *grpcChannel) ask(ctx context.Context, m message) error {
	ctx = rpc.About(ctx, history.Event{Source: client, Seq: m.seq, ID: request(m)})
	answer := new(wrapperspb.BytesValue)
	if err := c.conn.Invoke(ctx, sayMethod, wrapperspb.Bytes([]byte(m.String())), answer); err != nil {
		return err
	}
	if string(answer.GetValue()) != m.String() {
		return errOther
	}
	return nil
}

// tell sends an item of the stream. The stream outlives the message with which
// it was opened.
func (c *grpcChannel) tell(ctx context.Context, m message) error {
	if c.stream == nil {
		stream, err := c.open(context.WithoutCancel(ctx), tellMethod)
		if err != nil {
			return err
		}
		c.stream = stream
	}
	sending(c.env, m)
	return c.stream.SendMsg(wrapperspb.Bytes([]byte(m.String())))
}

func (c *grpcChannel) open(ctx context.Context, method string) (grpc.ClientStream, error) {
	both := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	stream, err := c.conn.NewStream(metadata.NewOutgoingContext(ctx, nil), both, method)
	if err != nil {
		return nil, fmt.Errorf("open a stream of %s: %w", method, err)
	}
	return stream, nil
}

func (c *grpcChannel) close() {
	if c.stream != nil {
		_ = c.stream.CloseSend() // fails only on a stream that has ended
	}
	c.conn.Close()
}
