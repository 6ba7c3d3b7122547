//go:build unix

package live

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"faultlab/proxy"
	"faultlab/sim/world"
)

// packetLimits let a client keep its address for as long as its socket: a run
// ends before a day does, and no lab opens so many.
var packetLimits = proxy.Limits{Idle: 24 * time.Hour}

func (e *env) ListenPacket(port int) (net.PacketConn, error) {
	addr, err := e.place(port)
	if err != nil {
		return nil, err
	}
	conn, err := listenPacket(addr)
	if err != nil {
		return nil, err
	}
	roomy(conn)
	e.opened(port)
	return conn, nil
}

// roomy makes a socket take the largest datagram: some systems have less room by
// themselves.
func roomy(conn any) { _ = conn.(*net.UDPConn).SetWriteBuffer(2 * proxy.MaxDatagram) }

func (e *env) DialPacket(ctx context.Context, to string) (net.Conn, error) {
	addr, err := e.way(to)
	if err != nil {
		return nil, err
	}
	return dialPacket(ctx, addr)
}

// DialPacket goes to the node's own address, past the relays of its links.
func (c *cluster) DialPacket(ctx context.Context, node string, port int) (net.Conn, error) {
	return dialPacket(ctx, c.place(node, port))
}

func dialPacket(ctx context.Context, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "udp", addr)
	if err != nil {
		return nil, err
	}
	roomy(conn)
	return silent{conn}, nil
}

// silent is a socket that does not hear of closed ports. On one machine the
// kernel tells a sender of datagrams that nobody listens; over a network nobody
// would, and no relay does.
type silent struct{ net.Conn }

func (s silent) Read(b []byte) (int, error) {
	for {
		n, err := s.Conn.Read(b)
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return n, err
		}
	}
}

// Write tries again: what it is told is of the datagram before.
func (s silent) Write(b []byte) (int, error) {
	for {
		n, err := s.Conn.Write(b)
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return n, err
		}
	}
}

func injectPacket(ctx context.Context, r *proxy.Relay, f proxy.Fault) (world.LinkFault, error) {
	injected, err := r.Inject(ctx, f)
	if err != nil {
		return nil, err // a *RelayFault that is nil would be a LinkFault that is not
	}
	return injected, nil
}
