package web_test

import (
	"context"
	"fmt"
	"net"
	"sync"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// host is the Env of a node with one port and a way to another's.
type host struct {
	lab.Env
	name       string
	port       *port
	overloaded bool

	mu     sync.Mutex
	dials  int
	events []history.Event
	lines  []string
}

func (h *host) Node() lab.Node { return lab.Node{Name: h.name} }

func (h *host) Listen(int) (net.Listener, error) { return h.port, nil }

func (h *host) Dial(ctx context.Context, _ string) (net.Conn, error) {
	h.mu.Lock()
	h.dials++
	h.mu.Unlock()
	return h.port.dial(ctx)
}

func (h *host) Overloaded() bool { return h.overloaded }

func (h *host) Record(e history.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

func (h *host) Printf(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

// port is a listener without a network: connections are pipes.
type port struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func newPort() *port {
	p := &port{conns: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *port) Close() error {
	p.close()
	return nil
}

func (p *port) Addr() net.Addr { return &net.TCPAddr{} }

func (p *port) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
