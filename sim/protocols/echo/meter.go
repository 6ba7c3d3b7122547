package echo

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"

	"faultlab/sim/lab"
)

// metered is an Env that counts the bytes on its connections and sockets: what
// a protocol's library gives to the network, headers and all.
type metered struct {
	lab.Env
	up, down *atomic.Int64
}

func newMetered(env lab.Env) metered { return metered{env, new(atomic.Int64), new(atomic.Int64)} }

// traffic prints what has passed since the last call of it. Its caller lets a
// moment pass first: what a library does on its own when an answer has come,
// such as acknowledging it, it does by then or not, but the same in every run.
func (m metered) traffic() string {
	return fmt.Sprintf(trafficForm, m.up.Swap(0), m.down.Swap(0))
}

const trafficForm = "up=%d down=%d"

// Traffic reads from an ok event's Detail how many bytes the operation took, to
// the server and back.
func Traffic(detail string) (up, down int64, err error) {
	if _, err := fmt.Sscanf(detail, trafficForm, &up, &down); err != nil {
		return 0, 0, fmt.Errorf("read the traffic in %q: %w", detail, err)
	}
	return up, down, nil
}

// Dial counts on what it connects.
func (m metered) Dial(ctx context.Context, to string) (net.Conn, error) {
	c, err := m.Env.Dial(ctx, to)
	return m.count(c, err)
}

// DialPacket counts what is in datagrams.
func (m metered) DialPacket(ctx context.Context, to string) (net.Conn, error) {
	c, err := m.Env.DialPacket(ctx, to)
	return m.count(c, err)
}

func (m metered) count(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return meteredConn{c, m}, nil
}

type meteredConn struct {
	net.Conn
	m metered
}

func (c meteredConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.m.down.Add(int64(n))
	return n, err
}

func (c meteredConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.m.up.Add(int64(n))
	return n, err
}
