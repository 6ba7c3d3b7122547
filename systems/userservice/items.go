package userservice

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc/metadata"

	health "google.golang.org/grpc/health/grpc_health_v1"

	"faultlab/sim/history"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// item tells what an item of a stream is about.
func item(m any) history.Event {
	var e history.Event
	switch m := m.(type) {
	case *userpb.CreateUserRequest:
		e.ID, e.Value = "new", m.GetEmail()
		e.Source, e.Seq = madeBy(m.GetEmail())
	case *userpb.CreateUsersResponse:
		e.ID, e.Value = "created", fmt.Sprint(m.GetCreatedCount())
	case *userpb.GetUsersRequest:
		e.ID, e.Value = "users", fmt.Sprintf("limit %d after %d", m.GetLimit(), m.GetAfterId())
	case *userpb.UserResponse:
		e.ID, e.Value = fmt.Sprint("user ", m.GetId()), m.GetEmail()
		e.Source, e.Seq = madeBy(m.GetEmail())
	case *userpb.ChatMessage:
		e.ID, e.Value = "chat", plain(m.GetMessage())
		e.Source, e.Seq = saidBy(strings.TrimPrefix(e.Value, echo))
		if e.Seq > 0 {
			e.ID = name(e.Source, e.Seq)
		}
	case *health.HealthCheckResponse:
		e.ID = m.GetStatus().String()
	}
	return e
}

// about begins the events of a unary call's handler: the client tells in its
// metadata which operation it is.
func about(ctx context.Context) history.Event {
	md, _ := metadata.FromIncomingContext(ctx)
	var e history.Event
	if names := md.Get(rpc.RequestID); len(names) > 0 {
		e.ID = names[0]
		first, _, _ := strings.Cut(e.ID, " ")
		e.Source, e.Seq = named(first)
	}
	return e
}

// calling adds the document's metadata to a call (call_with_metadata). Nobody
// ever checks the token: gRPC carries it, and that is all it does.
func calling(ctx context.Context, request string) context.Context {
	return metadata.AppendToOutgoingContext(ctx,
		"authorization", "Bearer my_token",
		"client-id", "python-client-1.0",
		rpc.RequestID, request)
}
