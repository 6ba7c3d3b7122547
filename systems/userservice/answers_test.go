package userservice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
	"faultlab/systems/userservice/userpb"
)

// request is something that a client may do to the server, in one call.
type request func(ctx context.Context, stub userpb.UserServiceClient) error

func getting(id int32) request {
	return func(ctx context.Context, stub userpb.UserServiceClient) error {
		_, err := stub.GetUser(ctx, &userpb.GetUserRequest{UserId: id})
		return err
	}
}

func listing(in *userpb.GetUsersRequest, want int) request {
	return func(ctx context.Context, stub userpb.UserServiceClient) error {
		taken := 0
		err := take(ctx, stub, in, func(*userpb.UserResponse) { taken++ })
		switch {
		case !errors.Is(err, io.EOF):
			return err
		case taken != want:
			return fmt.Errorf("%d users came", taken)
		}
		return nil
	}
}

func creating(batch string, close bool, users ...*userpb.CreateUserRequest) request {
	return func(ctx context.Context, stub userpb.UserServiceClient) error {
		ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(ctx, batchKey, batch))
		defer cancel()
		stream, err := stub.CreateUsers(ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			if stream.Send(u) != nil {
				break
			}
		}
		if !close {
			cancel()
		}
		_, err = stream.CloseAndRecv()
		return err
	}
}

// chatting sends messages, says that this was all, and reads to the end.
func chatting(md []string, messages ...*userpb.ChatMessage) request {
	return func(ctx context.Context, stub userpb.UserServiceClient) error {
		stream, err := stub.Chat(metadata.AppendToOutgoingContext(ctx, md...))
		if err != nil {
			return err
		}
		for _, m := range messages {
			if stream.Send(m) != nil {
				break
			}
		}
		if err := stream.CloseSend(); err != nil {
			return err
		}
		for err == nil {
			_, err = stream.Recv()
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
}

// Whatever comes, the server goes on, and what it has stored stays: nothing of
// what was refused or broken off is in it.
func TestHardenedAnswers(t *testing.T) {
	one := &userpb.CreateUserRequest{Name: "David", Email: email("client", 1), Age: 28}
	two := &userpb.CreateUserRequest{Name: "Eve", Email: email("client", 2), Age: 22}
	long := strings.Repeat("x", longestText+1)
	many := make([]*userpb.CreateUserRequest, mostUsers+1)
	for i := range many {
		many[i] = two
	}
	for _, test := range []struct {
		name string
		do   request
		code codes.Code
		adds int
	}{
		{"a user who is there", getting(1), codes.OK, 0},
		{"one who is not", getting(99), codes.NotFound, 0},
		{"a negative id", getting(-1), codes.NotFound, 0},
		{"a batch", creating("b", true, two), codes.OK, 1},
		{"one without a name", creating("", true, two), codes.OK, 1},
		{"one without users", creating("b", true), codes.OK, 0},
		{"one that is known", creating("client/1", true, one), codes.OK, 0},
		{"its name, and others", creating("client/1", true, two), codes.AlreadyExists, 0},
		{"its name, and one more", creating("client/1", true, one, two), codes.AlreadyExists, 0},
		{"one that is broken off", creating("b", false, two), codes.Canceled, 0},
		{"a name too long", creating(long, true, two), codes.InvalidArgument, 0},
		{"too many users", creating("b", true, many...), codes.InvalidArgument, 0},
		{"a user without a name", creating("b", true, two, &userpb.CreateUserRequest{}), codes.InvalidArgument, 0},
		{"one with a long one", creating("b", true, two, &userpb.CreateUserRequest{Name: long}), codes.InvalidArgument, 0},
		{"a negative age", creating("b", true, two, &userpb.CreateUserRequest{Name: "Eve", Age: -1}), codes.InvalidArgument, 0},
		{"a huge item", creating("b", true, two, &userpb.CreateUserRequest{Name: strings.Repeat("x", 5<<20)}), codes.ResourceExhausted, 0},
		{"all users", listing(&userpb.GetUsersRequest{}, 4), codes.OK, 0},
		{"some", listing(&userpb.GetUsersRequest{Limit: 2, AfterId: 1}, 2), codes.OK, 0},
		{"those after the last", listing(&userpb.GetUsersRequest{AfterId: 1 << 30}, 0), codes.OK, 0},
		{"a negative limit", listing(&userpb.GetUsersRequest{Limit: -1}, 0), codes.InvalidArgument, 0},
		{"a negative cursor", listing(&userpb.GetUsersRequest{AfterId: -1}, 0), codes.InvalidArgument, 0},
		{"a guest", chatting(nil, &userpb.ChatMessage{UserId: "Client", Message: "Hello"}), codes.OK, 0},
		{"one who says nothing", chatting(nil), codes.OK, 0},
		{"a negative number of one's own", chatting(nil, &userpb.ChatMessage{Seq: -1}), codes.InvalidArgument, 0},
		{"a huge message", chatting(nil, &userpb.ChatMessage{Message: strings.Repeat("x", longestMessage+1)}), codes.InvalidArgument, 0},
		{"a place that is no number", chatting([]string{afterKey, "x"}), codes.InvalidArgument, 0},
		{"a negative place", chatting([]string{afterKey, "-1"}), codes.InvalidArgument, 0},
		{"a place behind the end", chatting([]string{afterKey, "1000000"}), codes.InvalidArgument, 0},
		{"a place within a message", chatting([]string{afterKey, "20"}, &userpb.ChatMessage{}), codes.InvalidArgument, 0},
		{"a member with a long name", chatting([]string{memberKey, long}), codes.InvalidArgument, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			script := "workload clients=1 ops=create list_pace=0s create_pace=0s\n"
			result := worldtest.InPlaceOfClient(t, System(), hardened(), script, func(ctx context.Context, env lab.Env) error {
				conn, err := dial(env)
				if err != nil {
					return err
				}
				defer conn.Close()
				stub := userpb.NewUserServiceClient(conn)
				if err := lab.Rest(ctx, rest); err != nil { // until the journals are read
					return err
				}
				first := creating("client/1", true, one)
				said := chatting(nil, &userpb.ChatMessage{UserId: "client", Message: "client/1: Hello", Seq: 1})
				for _, do := range []request{first, said} {
					if err := do(ctx, stub); err != nil {
						return err
					}
				}
				if err := test.do(ctx, stub); status.Code(err) != test.code {
					return fmt.Errorf("it answers %v", err)
				}
				for _, do := range []request{first, said, listing(&userpb.GetUsersRequest{}, 4+test.adds)} {
					if err := do(ctx, stub); err != nil {
						return fmt.Errorf("after that: %w", err)
					}
				}
				return nil
			})
			stored := labtest.Values(result.Events, history.Final)
			require.Equal(t, []string{one.Email, two.Email}[:1+test.adds], stored)
		})
	}
}

// More streams than the quota are turned away, and take nothing from calls.
func TestQuota(t *testing.T) {
	worldtest.InPlaceOfClient(t, System(), hardened(), "workload clients=1 ops=create\n", func(ctx context.Context, env lab.Env) error {
		conn, err := dial(env)
		if err != nil {
			return err
		}
		defer conn.Close()
		stub := userpb.NewUserServiceClient(conn)
		if err := lab.Rest(ctx, rest); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for range mostStreams {
			if _, err := stub.CreateUsers(ctx); err != nil {
				return err
			}
		}
		if err := lab.Rest(ctx, rest); err != nil {
			return err
		}
		err = creating("b", true)(ctx, stub)
		if !refused(err) {
			return fmt.Errorf("one stream more: %v", err)
		}
		return getting(1)(ctx, stub)
	})
}

// The document's own client, which knows nothing of names and cursors, works
// with the hardened server.
func TestDocumentedClient(t *testing.T) {
	v := hardened()
	v.Roles["client"] = original().Roles["client"]
	v.ReadBack = readBack(heardOn)
	result := worldtest.Run(t, System(), v, "workload clients=3 operations=20 every=100ms ops=mixed list_pace=1ms create_pace=5ms chat_wait=300ms\n")
	require.Len(t, labtest.Of(result.Events, history.OK), 3*21)
	require.Empty(t, result.Record.Problems)
}
