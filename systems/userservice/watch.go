package userservice

import (
	"context"
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// watches holds the workload's health watches open until ctx ends. They are no
// operations: nobody waits for one. The document's server has no health service
// registered, and a watch of it ends at once.
func watches(ctx context.Context, env lab.Env, conn *grpc.ClientConn) *sync.WaitGroup {
	var all sync.WaitGroup
	for i := range env.Params().Int("watches") {
		all.Go(func() {
			name := fmt.Sprintf("watch %d", i+1)
			for {
				err := watch(ctx, env, conn, name)
				if status.Code(err) == codes.Unimplemented || lab.Rest(ctx, env.Params().Duration("watch")) != nil {
					return
				}
			}
		})
	}
	return &all
}

// watch prints each change of the status.
func watch(ctx context.Context, env lab.Env, conn *grpc.ClientConn, name string) error {
	ctx, cancel := context.WithCancel(calling(ctx, env.Node().Name+" "+name))
	defer cancel()
	// All watches begin in one instant; an event has a time of its own.
	env.Record(history.Event{Kind: history.Decide, Op: "watch", ID: name})
	stream, err := health.NewHealthClient(conn).Watch(ctx, &health.HealthCheckRequest{})
	if err != nil {
		return err
	}
	last := health.HealthCheckResponse_UNKNOWN
	for {
		answer, err := stream.Recv()
		if err != nil {
			env.Printf("[%s] %v", name, status.Code(err))
			return err
		}
		if s := answer.GetStatus(); s != last {
			env.Printf("[%s] %v", name, s)
			last = s
		}
	}
}
