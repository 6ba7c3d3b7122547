package labtest

import (
	"context"
	"net"
	"sync"
)

// Port is a listener without a network: its connections are pipes. In a bubble it
// must be made there.
type Port struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

// NewPort is an open one.
func NewPort() *Port {
	p := &Port{conns: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

// Dial waits until somebody accepts; a closed port refuses (net.ErrClosed).
func (p *Port) Dial(ctx context.Context) (net.Conn, error) {
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

// Accept, Close and Addr are those of a net.Listener.

func (p *Port) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *Port) Close() error {
	p.close()
	return nil
}

func (p *Port) Addr() net.Addr { return &net.TCPAddr{} }
