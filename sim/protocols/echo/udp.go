package echo

import (
	"context"
	"net"
	"sync"

	"faultlab/sim/lab"
)

// udp is a datagram a message.
type udp struct{}

// maxDatagram is the longest payload of UDP over IPv4.
const maxDatagram = 65507

func (udp) serve(ctx context.Context, env lab.Env, d desk) error {
	conn, err := env.ListenPacket(port)
	if err != nil {
		return err
	}
	defer conn.Close()
	unblock := context.AfterFunc(ctx, func() { conn.Close() })
	defer unblock()
	var answers sync.WaitGroup
	defer answers.Wait()
	b := make([]byte, maxDatagram)
	for {
		n, from, err := conn.ReadFrom(b)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		text := string(b[:n])
		m, _ := parse(text)
		answer := func(text string) {
			// A datagram that cannot be sent is one that is lost.
			_, _ = conn.WriteTo([]byte(text), from)
		}
		switch m.verb {
		case stop:
			answer(text)
			if lab.Rest(ctx, env.Params().Duration("work")) != nil {
				return nil
			}
		case Tell:
			_, err = d.take(text)
		case Push:
			err = pushed(ctx, env.Params(), func(m message) error { answer(m.String()); return nil })
		default:
			answers.Go(func() {
				if err := d.answer(ctx, text); err == nil {
					answer(text)
				}
			})
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

func (udp) dial(ctx context.Context, env lab.Env) (channel, error) {
	c, err := env.DialPacket(ctx, server)
	if err != nil {
		return nil, notSent(err)
	}
	return &udpChannel{env: env, conn: c}, nil
}

type udpChannel struct {
	env  lab.Env
	conn net.Conn
}

// ask sends once. Answers to earlier questions, for which nobody waits any
// more, are passed over.
func (c *udpChannel) ask(ctx context.Context, m message) error {
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	if err := c.tell(ctx, m); err != nil {
		return err
	}
	b := make([]byte, maxDatagram)
	for {
		n, err := c.conn.Read(b)
		if err != nil {
			return err
		}
		if text := string(b[:n]); text == m.String() {
			return received(c.env, m, text)
		}
	}
}

func (c *udpChannel) tell(_ context.Context, m message) error {
	sending(c.env, m)
	_, err := c.conn.Write([]byte(m.String()))
	return err
}

func (c *udpChannel) close() { c.conn.Close() }
