package userservice

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// caller is the hardened client, but for the chat.
type caller struct{ env lab.Env }

// hardenedClient is a client's life.
func hardenedClient(ctx context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(ctx)
	conn, err := dial(env)
	if err != nil {
		cancel()
		return err
	}
	defer conn.Close()
	watching := watches(ctx, env, conn)
	defer watching.Wait()
	defer cancel()
	c := caller{env}
	do := turns{get: c.get, list: c.list, create: c.create}
	if !chats(env.Params()) {
		return workload(ctx, env, do)
	}
	m, err := newMember(ctx, env)
	if err != nil {
		return err
	}
	do[chat] = m.say
	stay := m.enter(ctx)
	defer stay.Wait()
	defer cancel()
	if err := workload(ctx, env, do); err != nil {
		return err
	}
	m.farewell(ctx)
	return nil
}

func dial(env lab.Env) (*grpc.ClientConn, error) {
	return rpc.Dial(env, server, rpc.DialItems(env, server, item), keepalives(env.Params()))
}

// again asks until an attempt succeeds, which then completes the operations, or
// nobody wants it any more. Each attempt takes a new connection, for one that a
// blackhole swallowed never carries anything again, and a deadline alone would
// end each attempt on it for ever.
func (c caller) again(ctx context.Context, ops []history.Event, attempt func(ctx context.Context, stub userpb.UserServiceClient) error) {
	p := c.env.Params()
	ctx, cancel := context.WithTimeout(ctx, patience(p))
	defer cancel()
	open := false
	for n := 1; ; n++ {
		request := name(ops[0].Source, ops[0].Seq)
		if n > 1 {
			request += fmt.Sprint(" again ", n)
		}
		err := c.once(calling(ctx, request), attempt)
		if err == nil {
			return
		}
		c.env.Printf("RPC failed: %v: %s", status.Code(err), status.Convert(err).Message())
		open = open || !refused(err)
		if lab.Rest(ctx, rest) == nil {
			continue
		}
		// An attempt that was refused says nothing of one before it that was not.
		if open {
			complete(c.env, ops, history.Info, err.Error())
		} else {
			complete(c.env, ops, history.Fail, err.Error())
		}
		return
	}
}

func (c caller) once(ctx context.Context, attempt func(ctx context.Context, stub userpb.UserServiceClient) error) error {
	p := c.env.Params()
	ctx, cancel := context.WithTimeout(ctx, p.Duration("deadline")+work(p))
	defer cancel()
	conn, err := dial(c.env)
	if err != nil {
		return err
	}
	defer conn.Close()
	return attempt(ctx, userpb.NewUserServiceClient(conn))
}

func (c caller) get(ctx context.Context, ops []history.Event) {
	c.again(ctx, ops, func(ctx context.Context, stub userpb.UserServiceClient) error {
		return getUser(ctx, c.env, stub, ops[0])
	})
}

// create sends the batch under the same name each time.
func (c caller) create(ctx context.Context, ops []history.Event) {
	batch := name(ops[0].Source, ops[0].Seq)
	c.again(ctx, ops, func(ctx context.Context, stub userpb.UserServiceClient) error {
		return createUsers(metadata.AppendToOutgoingContext(ctx, batchKey, batch), c.env, stub, ops)
	})
}

// list goes on behind the last user that came.
func (c caller) list(ctx context.Context, ops []history.Event) {
	limit := c.env.Params().Int("limit")
	taken, last := 0, int32(0)
	c.env.Printf(listBegins)
	c.again(ctx, ops, func(ctx context.Context, stub userpb.UserServiceClient) error {
		in := &userpb.GetUsersRequest{AfterId: last}
		if limit > 0 {
			in.Limit = int32(limit - taken)
		}
		err := io.EOF // a list may break behind its last user
		if limit == 0 || taken < limit {
			err = take(ctx, stub, in, func(user *userpb.UserResponse) {
				taken, last = taken+1, user.GetId()
				printTaken(c.env, taken, user)
			})
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
		c.env.Printf("Stream completed")
		complete(c.env, ops, history.OK, fmt.Sprintf("%d users", taken))
		return nil
	})
}

// take lists users until the stream ends. Its error is io.EOF at a stream's
// proper end.
func take(ctx context.Context, stub userpb.UserServiceClient, in *userpb.GetUsersRequest, each func(*userpb.UserResponse)) error {
	stream, err := stub.GetUsers(ctx, in)
	if err != nil {
		return err
	}
	for {
		user, err := stream.Recv()
		if err != nil {
			return err
		}
		each(user)
	}
}
