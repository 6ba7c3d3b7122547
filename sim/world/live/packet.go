//go:build unix

package live

import (
	"context"
	"errors"
	"net"
)

func (e *env) ListenPacket(port int) (net.PacketConn, error) {
	return nil, errors.New("not yet")
}

func (e *env) DialPacket(ctx context.Context, to string) (net.Conn, error) {
	return nil, errors.New("not yet")
}

func (c *cluster) DialPacket(ctx context.Context, node string, port int) (net.Conn, error) {
	return nil, errors.New("not yet")
}
