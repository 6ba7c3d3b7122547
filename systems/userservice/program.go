package userservice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// program is the document's client (GRPCClient, AdvancedGRPCClient): one
// channel, all calls over it. Only GetUser has a deadline.
type program struct {
	env     lab.Env
	stub    userpb.UserServiceClient
	insists bool // it asks again, from the beginning, where the document's fails or waits for ever

	chat     *session
	sessions int // how many there have been
}

const (
	// greatest is the size of a message that the document's client sends and
	// takes. Its server was never told: it takes gRPC's 4 MB.
	greatest = 100 << 20
	// greeting is how long the client waits for the first answer.
	greeting = 5 * time.Second
)

// keepalives are what all clients ask for. The document's server never heard of
// it: to gRPC, pings more often than every 5 minutes are an attack, unless the
// server says otherwise.
func keepalives(p lab.Params) grpc.DialOption {
	return grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: p.Duration("keepalive")})
}

// runProgram is a client's life (main). If the first call fails that was all.
func runProgram(ctx context.Context, env lab.Env, insists bool) error {
	p := env.Params()
	c := &program{env: env, insists: insists}
	conn, err := rpc.Dial(env, server, rpc.DialItems(env, server, item), keepalives(p),
		grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(greatest), grpc.MaxCallRecvMsgSize(greatest)))
	if err != nil {
		return err
	}
	defer conn.Close()
	c.stub = userpb.NewUserServiceClient(conn)
	if !c.connect(ctx) {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	watching := watches(ctx, env, conn)
	defer watching.Wait()
	defer cancel()
	if chats(p) {
		c.chat = openSession(ctx, env, c.stub, c.sessions)
		defer func() { c.chat.close() }()
	}
	err = workload(ctx, env, turns{get: c.get, list: c.list, create: c.create, chat: c.say})
	if err == nil && chats(p) {
		// Who leaves at once may be the only other member for somebody who has
		// just said something.
		err = lab.Rest(ctx, p.Duration("chat_wait"))
	}
	env.Printf("Disconnected from gRPC server")
	return err
}

// connect makes a first call, over which gRPC connects.
func (c *program) connect(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, greeting)
	defer cancel()
	user, err := c.stub.GetUser(rpc.About(ctx, history.Event{ID: c.env.Node().Name}), &userpb.GetUserRequest{UserId: 1})
	if err != nil {
		c.env.Printf("Connection error: %v", err)
		return false
	}
	c.env.Printf("Connected to gRPC server at %s:%d", server, port)
	c.env.Printf("Test response: %s (%s)", user.GetName(), user.GetEmail())
	return true
}

// again makes attempts at a call: one, unless the program insists. It completes
// the operations that the call is for, unless an attempt that succeeds does.
func (c *program) again(ctx context.Context, ops []history.Event, attempt func(ctx context.Context) error) {
	attempts := 1
	if c.insists {
		attempts = c.env.Params().Int("attempts")
	}
	open := false
	for n := 1; ; n++ {
		request := name(ops[0].Source, ops[0].Seq)
		if n > 1 {
			request += fmt.Sprint(" again ", n)
		}
		err := c.attempt(calling(ctx, request), attempt)
		if err == nil {
			return
		}
		c.env.Printf("RPC failed: %v: %s", status.Code(err), status.Convert(err).Message())
		open = open || !refused(err)
		if n < attempts && lab.Rest(ctx, rest) == nil {
			continue
		}
		if open {
			complete(c.env, ops, history.Info, err.Error())
		} else {
			complete(c.env, ops, history.Fail, err.Error())
		}
		return
	}
}

// attempt makes one. The document's waits for ever, but for get.
func (c *program) attempt(ctx context.Context, attempt func(ctx context.Context) error) error {
	if c.insists {
		p := c.env.Params()
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.Duration("deadline")+work(p))
		defer cancel()
	}
	return attempt(ctx)
}

// get is call_with_metadata and call_with_compression.
func (c *program) get(ctx context.Context, ops []history.Event) {
	c.again(ctx, ops, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, c.env.Params().Duration("deadline"))
		defer cancel()
		return getUser(ctx, c.env, c.stub, ops[0])
	})
}

// getUser asks for a user and completes the operation if they come.
func getUser(ctx context.Context, env lab.Env, stub userpb.UserServiceClient, op history.Event) error {
	e := history.Event{Source: op.Source, Seq: op.Seq, ID: name(op.Source, op.Seq)}
	user, err := stub.GetUser(rpc.About(ctx, e), &userpb.GetUserRequest{UserId: wanted(op.Seq)}, grpc.UseCompressor(gzip.Name))
	if err != nil {
		// Whoever closes the connection in this instant may find it at rest, or
		// reading what comes next, by lot; an event has a time of its own.
		e.Kind, e.Op, e.Detail = history.Decide, op.Op, "no user came"
		env.Record(e)
		return err
	}
	env.Printf("User %d: %s, Age: %d, Status: %s", user.GetId(), user.GetName(), user.GetAge(), user.GetStatus())
	env.Record(history.Event{Kind: history.OK, Op: op.Op, Source: op.Source, Seq: op.Seq, Value: user.GetEmail()})
	return nil
}

// list is test_server_streaming. What it has taken so far is no reason to ask
// for less.
func (c *program) list(ctx context.Context, ops []history.Event) {
	c.env.Printf(listBegins)
	taken := 0
	c.again(ctx, ops, func(ctx context.Context) error {
		err := take(ctx, c.stub, &userpb.GetUsersRequest{Limit: int32(c.env.Params().Int("limit"))}, func(user *userpb.UserResponse) {
			taken++
			printTaken(c.env, taken, user)
		})
		if !errors.Is(err, io.EOF) {
			return err
		}
		c.env.Printf("Stream completed")
		complete(c.env, ops, history.OK, fmt.Sprintf("%d users", taken))
		return nil
	})
}

// create is test_client_streaming.
func (c *program) create(ctx context.Context, ops []history.Event) {
	c.again(ctx, ops, func(ctx context.Context) error { return createUsers(ctx, c.env, c.stub, ops) })
}

// createUsers sends a batch and completes its operations if the answer comes.
func createUsers(ctx context.Context, env lab.Env, stub userpb.UserServiceClient, ops []history.Event) error {
	stream, err := stub.CreateUsers(ctx)
	if err != nil {
		return err
	}
	for _, op := range ops {
		who := created[op.Seq%int64(len(created))]
		if err := stream.Send(&userpb.CreateUserRequest{Name: who.name, Email: op.Value, Age: who.age}); err != nil {
			break // the answer says why
		}
	}
	answer, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	env.Printf("Created %d users", answer.GetCreatedCount())
	ids := map[string]int32{}
	for _, user := range answer.GetUsers() {
		env.Printf("  - %s (ID: %d)", user.GetName(), user.GetId())
		ids[user.GetEmail()] = user.GetId()
	}
	for _, op := range ops {
		env.Record(history.Event{Kind: history.OK, Op: op.Op, Source: op.Source, Seq: op.Seq, ID: fmt.Sprint(ids[op.Value])})
	}
	return nil
}
