package userservice

import (
	"context"

	"google.golang.org/grpc"
	health "google.golang.org/grpc/health/grpc_health_v1"
)

// readiness is the hardened server's health service: it says SERVING when the
// server can do what it is there for.
type readiness struct {
	health.UnimplementedHealthServer
	service *service
}

// Check implements the health service.
func (r readiness) Check(context.Context, *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	return &health.HealthCheckResponse{Status: r.status()}, nil
}

// Watch implements the health service.
func (r readiness) Watch(_ *health.HealthCheckRequest, stream grpc.ServerStreamingServer[health.HealthCheckResponse]) error {
	return tell(r.service.ctx, r.service.env, stream, r.status)
}

func (r readiness) status() health.HealthCheckResponse_ServingStatus {
	if r.service.table.ready() && r.service.room.ready() {
		return health.HealthCheckResponse_SERVING
	}
	return health.HealthCheckResponse_NOT_SERVING
}
