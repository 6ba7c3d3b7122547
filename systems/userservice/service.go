package userservice

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// service is the hardened server. Its calls stand in batch.go, cursor.go and
// mailbox.go, but for the plain one.
type service struct {
	userpb.UnimplementedUserServiceServer
	ctx   context.Context // of the node
	env   lab.Env
	table *table
	room  *room
	under sync.WaitGroup // goroutines of the streams
}

// hardenedServer listens at once and turns calls away until it has its users
// and its room again: with a broken disk that may take a while.
func hardenedServer(ctx context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &service{ctx: ctx, env: env, table: newTable(ctx, env), room: newRoom(ctx, env)}
	recovered := make(chan error, 1)
	go func() {
		err := s.table.recover()
		if err == nil {
			err = s.room.recover()
		}
		if err != nil {
			cancel()
		}
		recovered <- err
	}()
	env.Printf("gRPC Server started on [::]:%d", port)
	err := rpc.Serve(ctx, env, port, func(g *grpc.Server) {
		userpb.RegisterUserServiceServer(g, s)
		health.RegisterHealthServer(g, readiness{service: s})
	}, append(calm(env.Params()), newWorkers(env).unary(), newQuota().streaming(), rpc.ServeItems(env, item))...)
	cancel()
	s.under.Wait()
	return errors.Join(err, <-recovered)
}

// GetUser implements the service.
func (s *service) GetUser(ctx context.Context, in *userpb.GetUserRequest) (*userpb.UserResponse, error) {
	e := about(ctx)
	e.Kind, e.Op, e.Msg = history.Recv, "GetUser", rpc.Request("GetUser", e.ID)
	s.env.Record(e)
	users, err := s.table.all()
	if err != nil {
		return nil, err
	}
	if id := int(in.GetUserId()); id < 1 || id > len(users) {
		return nil, status.Errorf(codes.NotFound, "User %d not found", in.GetUserId())
	}
	e.Kind, e.Msg = history.Send, rpc.Answer("GetUser", e.ID)
	s.env.Record(e)
	return users[in.GetUserId()-1], nil
}
