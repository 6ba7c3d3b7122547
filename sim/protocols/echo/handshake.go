package echo

import (
	"context"
	"fmt"
	"net"

	"faultlab/sim/lab"
)

// handshaking is an Env whose connections begin with TCP's handshake (RFC 9293,
// section 3.5), a byte a segment, through all that is on the link.
//
//	client   SYN → ← SYN-ACK   ACK + what the client says first →
//
// A proxy accepts at once: its own kernel shakes hands, on this side of the
// latency. Without these bytes a connection over 100 ms would cost nothing, and
// UDP would seem to save nothing.
type handshaking struct{ lab.Env }

const segment = 1 // bytes that stand for a segment of the handshake

// Dial connects, and returns when the service has answered.
func (h handshaking) Dial(ctx context.Context, to string) (net.Conn, error) {
	c, err := h.Env.Dial(ctx, to)
	if err != nil {
		return nil, err
	}
	unblock := context.AfterFunc(ctx, func() { c.Close() })
	defer unblock()
	if err := firstOfThree(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("shake hands with %s: %w", to, err)
	}
	return c, nil
}

func firstOfThree(c net.Conn) error {
	b := make([]byte, segment)
	if _, err := c.Write(b); err != nil {
		return err
	}
	if _, err := c.Read(b); err != nil {
		return err
	}
	_, err := c.Write(b)
	return err
}

// Listen opens a port at which connections are there when the client's last
// segment has come.
func (h handshaking) Listen(port int) (net.Listener, error) {
	ln, err := h.Env.Listen(port)
	return polite{ln}, err
}

type polite struct{ net.Listener }

// Accept gives up a connection whose client goes away, and takes the next.
func (l polite) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if secondOfThree(c) == nil {
			return c, nil
		}
		c.Close()
	}
}

func secondOfThree(c net.Conn) error {
	b := make([]byte, segment)
	if _, err := c.Read(b); err != nil {
		return err
	}
	if _, err := c.Write(b); err != nil {
		return err
	}
	_, err := c.Read(b)
	return err
}
