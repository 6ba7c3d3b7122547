package userservice

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"faultlab/sim/lab"
)

// calm lets clients ask as often as they do whether the server is there; gRPC's
// own policy is every 5 minutes, and it ends the connections of who asks more
// often, streams and all. And the server asks too: a client that a dead network
// has cut off would otherwise keep its streams for ever.
func calm(p lab.Params) []grpc.ServerOption {
	every := p.Duration("keepalive")
	return []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: every / 2, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: every, Timeout: every}),
	}
}
