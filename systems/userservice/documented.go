package userservice

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// documented is the document's server (UserService), mistakes included. Each is
// marked where it stands: those of the chat in echo.go. All that it knows is
// gone with the process.
type documented struct {
	userpb.UnimplementedUserServiceServer
	ctx context.Context // of the node: a thread goes on when its call is cancelled
	env lab.Env

	lock  *lab.Mutex // self.lock: one for the users and the chat
	chats int        // how many are in the chat (self.chat_clients)
	ever  int        // how many ever were

	statement *lab.Mutex             // what Python's interpreter sees to: one statement at a time
	users     []*userpb.UserResponse // self.users, in their order; the ids count from 1 without a gap
}

func newDocumented(ctx context.Context, env lab.Env) *documented {
	return &documented{ctx: ctx, env: env, lock: lab.NewMutex(), statement: lab.NewMutex(), users: theGiven()}
}

// all are the users of this moment.
func (d *documented) all() []*userpb.UserResponse {
	d.statement.Lock()
	defer d.statement.Unlock()
	return d.users
}

// add makes a user out of a request.
func (d *documented) add(in *userpb.CreateUserRequest) (*userpb.UserResponse, error) {
	if err := d.lock.LockContext(d.ctx); err != nil {
		return nil, err
	}
	defer d.lock.Unlock()
	d.statement.Lock()
	defer d.statement.Unlock()
	user := &userpb.UserResponse{Id: int32(len(d.users)) + 1, Name: in.GetName(), Email: in.GetEmail(), Age: in.GetAge(), Status: active}
	d.users = append(d.users, user)
	return user, nil
}

// theGiven are the users of the start.
func theGiven() []*userpb.UserResponse {
	var users []*userpb.UserResponse
	for i, u := range given {
		users = append(users, &userpb.UserResponse{Id: int32(i) + 1, Name: u.name, Email: u.email, Age: u.age, Status: active})
	}
	return users
}

// serveDocumented runs the document's server, with what else is registered.
func serveDocumented(ctx context.Context, env lab.Env, register func(*grpc.Server), opts ...grpc.ServerOption) error {
	d, w := newDocumented(ctx, env), newWorkers(env)
	env.Printf("gRPC Server started on [::]:%d", port)
	env.Printf("Available methods:")
	env.Printf("  - GetUser (Unary)")
	env.Printf("  - GetUsers (Server streaming)")
	env.Printf("  - CreateUsers (Client streaming)")
	env.Printf("  - Chat (Bidirectional streaming)")
	return rpc.Serve(ctx, env, port, func(s *grpc.Server) {
		userpb.RegisterUserServiceServer(s, d)
		register(s)
	}, append(opts, w.unary(), w.streaming(), rpc.ServeItems(env, item))...)
}

// GetUser implements the service.
func (d *documented) GetUser(ctx context.Context, in *userpb.GetUserRequest) (*userpb.UserResponse, error) {
	e := about(ctx)
	e.Kind, e.Op, e.Msg = history.Recv, "GetUser", rpc.Request("GetUser", e.ID)
	d.env.Record(e)
	d.env.Printf("[GetUser] Request for user_id: %d", in.GetUserId())
	users := d.all()
	if id := int(in.GetUserId()); id < 1 || id > len(users) {
		return nil, status.Errorf(codes.NotFound, "User %d not found", in.GetUserId())
	}
	e.Kind, e.Msg = history.Send, rpc.Answer("GetUser", e.ID)
	d.env.Record(e)
	return users[in.GetUserId()-1], nil
}

// changed is what becomes of a loop over a dict that somebody else has put
// something into.
const changed = "Exception iterating responses: dictionary changed size during iteration"

// GetUsers implements the service. A list has no place to go on from: when it
// breaks, all there is to do is to ask for all of it again. And it breaks by
// itself when a user is created meanwhile.
func (d *documented) GetUsers(in *userpb.GetUsersRequest, stream grpc.ServerStreamingServer[userpb.UserResponse]) error {
	d.env.Printf("[GetUsers] Streaming users, limit: %d", in.GetLimit())
	size := len(d.all())
	limit := int(in.GetLimit())
	if limit == 0 {
		limit = size
	}
	sent := 0
	for i := 0; ; i++ {
		if len(d.all()) != size {
			return status.Error(codes.Unknown, changed)
		}
		if i == size || sent >= limit {
			break
		}
		if err := busy(d.ctx, d.env, stream.Context(), d.env.Params().Duration("list_pace")); err != nil {
			return err
		}
		user := d.all()[i]
		d.env.Printf("[GetUsers] Sending user: %s", user.GetName())
		if err := stream.Send(user); err != nil {
			return err
		}
		sent++
	}
	d.env.Printf("[GetUsers] Stream completed. Sent %d users", sent)
	return nil
}

// CreateUsers implements the service. Each user is created when it comes: of a
// stream that breaks the first ones stay, and nobody is told which. Nothing
// tells a batch that is sent again from a new one.
func (d *documented) CreateUsers(stream grpc.ClientStreamingServer[userpb.CreateUserRequest, userpb.CreateUsersResponse]) error {
	d.env.Printf("[CreateUsers] Receiving user stream...")
	var made []*userpb.UserResponse
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		d.env.Printf("[CreateUsers] Received user #%d: %s", len(made)+1, in.GetName())
		user, err := d.add(in)
		if err != nil {
			return err
		}
		e := item(in)
		e.Kind, e.Op, e.ID, e.Detail = history.Store, "user", fmt.Sprint("user ", user.GetId()), "not yet the whole batch"
		d.env.Record(e)
		made = append(made, user)
		if err := busy(d.ctx, d.env, stream.Context(), d.env.Params().Duration("create_pace")); err != nil {
			return err
		}
	}
	d.env.Printf("[CreateUsers] Created %d users", len(made))
	return stream.SendAndClose(&userpb.CreateUsersResponse{CreatedCount: int32(len(made)), Users: made})
}
