package virtual

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"

	"faultlab/sim/lab"
)

// packetConn is a client's end of a path.
type packetConn struct{ *path }

// Read takes the next answer. Of one that is longer than b the rest is lost.
func (c *packetConn) Read(b []byte) (int, error) {
	p, err := c.client.read()
	if err != nil {
		return 0, c.client.failed("read", err)
	}
	return copy(b, p.data), nil
}

// Write sends one datagram.
func (c *packetConn) Write(b []byte) (int, error) {
	if err := c.client.mayWrite(b); err != nil {
		return 0, c.client.failed("write", err)
	}
	c.send(stream.Upstream, b)
	return len(b), nil
}

func (c *packetConn) Close() error {
	c.client.node.unbind(c.client)
	return nil
}

func (c *packetConn) LocalAddr() net.Addr { return c.client.addr }

func (c *packetConn) RemoteAddr() net.Addr { return c.to }

func (c *packetConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *packetConn) SetReadDeadline(t time.Time) error {
	c.client.setDeadline(t)
	return nil
}

// SetWriteDeadline does nothing: no Write waits.
func (c *packetConn) SetWriteDeadline(time.Time) error { return nil }

// packetPort is a service's open port for datagrams.
type packetPort struct{ *socket }

// ReadFrom takes the next datagram. Of one that is longer than b the rest is
// lost.
func (s packetPort) ReadFrom(b []byte) (int, net.Addr, error) {
	p, err := s.read()
	if err != nil {
		return 0, nil, s.failed("read", err)
	}
	return copy(b, p.data), p.from, nil
}

// WriteTo answers the client with that address. Nobody has heard of one that
// has gone.
func (s packetPort) WriteTo(b []byte, to net.Addr) (int, error) {
	if err := s.mayWrite(b); err != nil {
		return 0, s.failed("write", err)
	}
	if p := s.node.cluster.pathBetween(s.addr, to.String()); p != nil {
		p.send(stream.Downstream, b)
	}
	return len(b), nil
}

func (s packetPort) Close() error {
	s.node.unbind(s.socket)
	return nil
}

func (s packetPort) LocalAddr() net.Addr { return s.addr }

func (s packetPort) SetDeadline(t time.Time) error { return s.SetReadDeadline(t) }

func (s packetPort) SetReadDeadline(t time.Time) error {
	s.setDeadline(t)
	return nil
}

func (s packetPort) SetWriteDeadline(time.Time) error { return nil }

func (e env) ListenPacket(port int) (net.PacketConn, error) {
	s := newSocket(e.node, port, lab.Draw(e.seed, "port", strconv.Itoa(port)))
	if err := e.bind(s); err != nil {
		return nil, s.failed("listen", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.readyIfOpen()
	return packetPort{s}, nil
}

func (e env) DialPacket(ctx context.Context, to string) (net.Conn, error) {
	l := e.cluster.packets[lab.Link{From: e.Name, To: to}.String()]
	if l == nil {
		panic(fmt.Sprintf("%s dials %s for datagrams, but no link for them joins them", e.Name, to))
	}
	err := e.reach(ctx, to)
	var c *packetConn
	if err == nil {
		c, err = l.dial(e.node)
	}
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "udp", Addr: packetAddr{addr{to, l.Port}}, Err: err}
	}
	return c, nil
}

// DialPacket opens a socket for datagrams to a node from outside, past all
// links: on one of its own, that no fault touches.
func (c *cluster) DialPacket(_ context.Context, name string, port int) (net.Conn, error) {
	c.mu.Lock()
	l := &packetLink{Link: lab.Link{From: c.observer.Name, To: name, Port: port}, cluster: c, number: len(c.looks)}
	c.looks = append(c.looks, l)
	c.mu.Unlock()
	conn, err := l.dial(c.observer)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "udp", Addr: packetAddr{addr{name, port}}, Err: err}
	}
	return conn, nil
}

// pathBetween finds the path that joins a service and a client; nil: the client
// has gone.
func (c *cluster) pathBetween(service packetAddr, client string) *path {
	c.mu.Lock()
	links := slices.Clone(c.looks)
	c.mu.Unlock()
	for _, l := range c.packets {
		links = append(links, l)
	}
	for _, l := range links {
		if l.To != service.host || l.Port != service.port {
			continue
		}
		if p := l.pathOf(client); p != nil {
			return p
		}
	}
	return nil
}
