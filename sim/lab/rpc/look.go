package rpc

import (
	"context"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"faultlab/sim/lab"
)

// Look makes a client of a node for who reads a lab back: from outside, past all
// links and faults. Nothing that it does is recorded.
func Look(o lab.Observer, node string, port int) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("passthrough:///"+node,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return o.Dial(ctx, node, port) }),
	)
	if err != nil {
		return nil, fmt.Errorf("make a client of %s: %w", node, err)
	}
	return conn, nil
}
