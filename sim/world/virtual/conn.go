package virtual

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// conn is a node's end of a connection. Like a connection through Toxiproxy it
// knows no half-close.
type conn struct {
	name          string
	pair          *pair
	node          *node
	in, out       *flow
	local, remote addr
	once          sync.Once
}

// Read reads what has arrived. A paused node's Read waits with it.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.in.read(b)
	if errors.Is(err, syscall.ECONNRESET) {
		c.out.failWrites() // who has heard of the reset may know it when writing as well
	}
	if c.node.waitOut(c.in.seed) {
		c.in.takeTurn() // what came meanwhile is read after this, not with it
	}
	return n, err
}

// Write sends b. A dead node sends nothing.
func (c *conn) Write(b []byte) (int, error) {
	c.node.waitOut(c.out.seed)
	if err := c.node.alive(); err != nil {
		return 0, err
	}
	return c.out.write(b)
}

// Close ends the connection after what was written.
func (c *conn) Close() error {
	c.node.disown(c)
	c.abandon()
	return nil
}

// abandon closes without asking the node.
func (c *conn) abandon() {
	c.once.Do(func() {
		c.in.forget()
		c.out.end()
		c.pair.left()
	})
}

func (c *conn) LocalAddr() net.Addr { return c.local }

func (c *conn) RemoteAddr() net.Addr { return c.remote }

func (c *conn) SetDeadline(t time.Time) error {
	c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.readDeadline = t
	signal(c.in.canRead)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.writeDeadline = t
	signal(c.out.canWrite)
	return nil
}
