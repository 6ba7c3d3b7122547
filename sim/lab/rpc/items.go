package rpc

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// Items tells what an item of a stream is about: source, number, id and value
// of the events that record it. The id must tell items apart, among all streams
// and clients.
type Items func(item any) history.Event

// RequestID is the metadata key under which a call may bear a name. The items
// of a stream with one bear it at the beginning of their ids: a user who is in
// two lists at once is two items.
const RequestID = "request-id"

// nameOf gives the name that a call's metadata holds, or none.
func nameOf(md metadata.MD) string {
	if names := md.Get(RequestID); len(names) > 0 {
		return names[0]
	}
	return ""
}

// DialItems records the items of a client's streams to a node, each before it
// is sent and when it has come.
func DialItems(env lab.Env, to string, about Items) grpc.DialOption {
	link := lab.Link{From: env.Node().Name, To: to}.String()
	return grpc.WithChainStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
		md, _ := metadata.FromOutgoingContext(ctx)
		log := itemLog{env: env, method: path.Base(method), name: nameOf(md), link: link, about: about, closes: desc.ClientStreams}
		// Streams that waited for the connection would open in one instant.
		log.decide("there is a connection → open a stream")
		stream, err := open(ctx, desc, conn, method, opts...)
		if err != nil {
			return nil, err
		}
		return &clientItems{ClientStream: stream, log: log}, nil
	})
}

// ServeItems records the items of a server's streams, each when it has come
// and before it is sent. Unary calls it leaves to their handlers.
func ServeItems(env lab.Env, about Items) grpc.ServerOption {
	return grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		md, _ := metadata.FromIncomingContext(stream.Context())
		log := itemLog{env: env, method: path.Base(info.FullMethod), name: nameOf(md), about: about, closes: info.IsClientStream}
		return next(srv, &serverItems{ServerStream: stream, log: log})
	})
}

// itemLog records one end of one stream.
type itemLog struct {
	env    lab.Env
	method string
	name   string // of the stream, if it has one
	link   string // empty at the server, which does not know who called
	closes bool   // the client may send many items, and says when it is done
	about  Items
}

// halfClose is the Detail of the event that ends a client's items.
const halfClose = "half-close"

func (l *itemLog) record(kind history.Kind, msg func(method, id string) string, item any) string {
	e := l.about(item)
	e.ID = strings.TrimSpace(l.name + " " + e.ID)
	e.Kind, e.Op, e.Link, e.Msg = kind, l.method, l.link, msg(l.method, e.ID)
	l.env.Record(e)
	return e.ID
}

// decide records an event that is there for its time, which is its own.
func (l *itemLog) decide(detail string) {
	l.env.Record(history.Event{Kind: history.Decide, Op: l.method, Link: l.link, ID: l.name, Detail: detail})
}

// close records the half-close, which is paired by the item before it.
func (l *itemLog) close(kind history.Kind, last string) {
	if !l.closes {
		return
	}
	l.env.Record(history.Event{Kind: kind, Op: l.method, Link: l.link, ID: last, Msg: Request(l.method+" "+halfClose, last), Detail: halfClose})
}

// clientItems is a client's end. A stream has one sender and one receiver.
type clientItems struct {
	grpc.ClientStream
	log  itemLog
	last string // sent
}

func (s *clientItems) SendMsg(item any) error {
	s.last = s.log.record(history.Send, Request, item)
	// A stream that has ended while the event took its time may still take a
	// part of the item, by lot.
	if err := s.Context().Err(); err != nil {
		return io.EOF // as a send does: why, RecvMsg tells
	}
	return s.ClientStream.SendMsg(item)
}

func (s *clientItems) CloseSend() error {
	s.log.close(history.Send, s.last)
	return s.ClientStream.CloseSend()
}

func (s *clientItems) RecvMsg(item any) error {
	err := s.ClientStream.RecvMsg(item)
	switch {
	case err == nil:
		s.log.record(history.Recv, Answer, item)
	case !errors.Is(err, io.EOF):
		// All streams of a connection that breaks end in one instant. And whoever
		// closes the connection now may find it at rest, or reading what comes
		// next, by lot.
		s.log.decide("the stream has ended: " + status.Code(err).String())
	}
	return err
}

// serverItems is a server's end.
type serverItems struct {
	grpc.ServerStream
	log  itemLog
	last string // received
}

func (s *serverItems) RecvMsg(item any) error {
	// Of a stream that was cut, the items that came before may or may not still
	// be read, by lot.
	if err := s.Context().Err(); err != nil {
		return status.FromContextError(err).Err()
	}
	err := s.ServerStream.RecvMsg(item)
	switch {
	case err == nil:
		s.last = s.log.record(history.Recv, Request, item)
	case errors.Is(err, io.EOF):
		s.log.close(history.Recv, s.last)
	}
	return err
}

func (s *serverItems) SendMsg(item any) error {
	s.log.record(history.Send, Answer, item)
	return s.ServerStream.SendMsg(item)
}
