package userservice

import (
	"context"

	"google.golang.org/grpc"
	health "google.golang.org/grpc/health/grpc_health_v1"

	"faultlab/sim/lab"
)

// serving is the document's HealthService. It says SERVING without a look at
// anything, and each watch holds a worker to say it again.
type serving struct {
	health.UnimplementedHealthServer
	ctx context.Context // of the node
	env lab.Env
}

// Check implements the health service.
func (s serving) Check(context.Context, *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	return &health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}, nil
}

// Watch implements the health service.
func (s serving) Watch(_ *health.HealthCheckRequest, stream grpc.ServerStreamingServer[health.HealthCheckResponse]) error {
	return tell(s.ctx, s.env, stream, func() health.HealthCheckResponse_ServingStatus {
		return health.HealthCheckResponse_SERVING
	})
}

// tell sends the status, again each period, until the watcher or the node is
// gone.
func tell(ctx context.Context, env lab.Env, stream grpc.ServerStreamingServer[health.HealthCheckResponse], status func() health.HealthCheckResponse_ServingStatus) error {
	for {
		if err := stream.Send(&health.HealthCheckResponse{Status: status()}); err != nil {
			return err
		}
		if err := busy(ctx, env, stream.Context(), env.Params().Duration("watch")); err != nil {
			return err
		}
	}
}
