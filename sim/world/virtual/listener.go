package virtual

import (
	"net"
	"strconv"
	"sync"
	"time"

	"faultlab/sim/lab"
)

// listener is an open port.
type listener struct {
	node *node
	port int
	mu   sync.Mutex
	wake chan struct{}
	wait []*conn
	done bool
}

// Accept waits for the next connection. It takes a time of its own: two
// connections that waited must not begin in one instant.
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		if l.done {
			l.mu.Unlock()
			return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
		}
		if len(l.wait) > 0 {
			c := l.wait[0]
			l.wait = l.wait[1:]
			l.mu.Unlock()
			time.Sleep(1 + time.Duration(lab.Draw(c.in.seed)%uint64(recordHigh)))
			l.node.waitOut(c.in.seed)
			return c, nil
		}
		l.mu.Unlock()
		<-l.wake
	}
}

// Close closes the port. Connections that were not accepted yet are closed.
func (l *listener) Close() error {
	l.node.mu.Lock()
	delete(l.node.listeners, l.port)
	l.node.mu.Unlock()
	l.shut()
	return nil
}

func (l *listener) shut() {
	l.mu.Lock()
	wait := l.wait
	l.wait, l.done = nil, true
	l.mu.Unlock()
	for _, c := range wait {
		c.Close()
	}
	l.signal()
}

// add queues a connection, as the kernel does whether or not the process runs.
func (l *listener) add(c *conn) bool {
	l.mu.Lock()
	if l.done {
		l.mu.Unlock()
		return false
	}
	l.wait = append(l.wait, c)
	l.mu.Unlock()
	l.signal()
	return true
}

func (l *listener) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Addr is the node's name and the port.
func (l *listener) Addr() net.Addr { return addr{l.node.Name, l.port} }

// addr is an address in the virtual network.
type addr struct {
	host string
	port int
}

func (addr) Network() string { return "tcp" }

func (a addr) String() string { return net.JoinHostPort(a.host, strconv.Itoa(a.port)) }
