package echo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// tcp is a stream of bytes. With frames in it, there are messages: four bytes
// of length, then the text.
type tcp struct{ framed bool }

// longest bounds a frame: a length that came damaged must not be allocated.
const longest = 1 << 20

// readSize is how much the server asks for in one read ("recv(1024)" in
// document 001, section TCP).
const readSize = 1024

func (t tcp) serve(ctx context.Context, env lab.Env, d desk) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	unblock := context.AfterFunc(ctx, func() { ln.Close() })
	defer unblock()
	ln = lab.Accepting(env, ln)
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		c, err := ln.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		conns.Go(func() {
			defer c.Close()
			unblock := context.AfterFunc(ctx, func() { c.Close() })
			defer unblock()
			if err := t.talk(ctx, c, d); err != nil && ctx.Err() == nil {
				env.Printf("a connection ended: %v", err)
			}
		})
	}
}

// talk serves one connection, a message after the other.
func (t tcp) talk(ctx context.Context, c net.Conn, d desk) error {
	p := d.env.Params()
	if p.String("play") == Push && !p.Bool("asked") {
		return pushed(ctx, p, func(m message) error { return writeFrame(c, m.String()) })
	}
	for {
		text, err := t.read(c)
		if err != nil {
			return err
		}
		m, _ := parse(text)
		switch m.verb {
		case stop:
			<-ctx.Done() // it reads no more
			return nil
		case Push:
			err = pushed(ctx, p, func(m message) error { return writeFrame(c, m.String()) })
		case Tell:
			_, err = d.take(text)
		default:
			if err = d.answer(ctx, text); err == nil && t.framed {
				err = writeFrame(c, text)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (t tcp) read(c net.Conn) (string, error) {
	if t.framed {
		return readFrame(c)
	}
	b := make([]byte, readSize)
	n, err := c.Read(b)
	return string(b[:n]), err
}

func (t tcp) write(c net.Conn, text string) error {
	if t.framed {
		return writeFrame(c, text)
	}
	_, err := io.WriteString(c, text)
	return err
}

// writeFrame writes a frame in one piece: two writes would be two segments.
func writeFrame(w io.Writer, text string) error {
	_, err := w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

func readFrame(r io.Reader) (string, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > longest {
		return "", fmt.Errorf("a frame of %d bytes; the longest is %d", size, longest)
	}
	b := make([]byte, size)
	_, err := io.ReadFull(r, b)
	return string(b), err
}

func (t tcp) dial(ctx context.Context, env lab.Env) (channel, error) {
	c, err := env.Dial(ctx, server)
	if err != nil {
		return nil, notSent(err)
	}
	ch := &tcpChannel{tcp: t, env: env, conn: c, turn: lab.NewMutex()}
	if env.Params().String("play") == Tell {
		ch.watch()
	}
	return ch, nil
}

// tcpChannel lets one question be open at a time: an answer does not say which
// it belongs to.
type tcpChannel struct {
	tcp
	env  lab.Env
	conn net.Conn
	turn *lab.Mutex
	// watching ends when the connection has.
	watching sync.WaitGroup
}

// watch closes the connection when the other side is gone. Who only writes
// learns of that late: the kernel takes what nobody will have.
func (c *tcpChannel) watch() {
	c.watching.Go(func() {
		_, _ = c.conn.Read(make([]byte, 1)) // whatever it says, it is over: nobody answers what is told
		c.conn.Close()
	})
}

func (c *tcpChannel) ask(ctx context.Context, m message) error {
	if err := c.turn.LockContext(ctx); err != nil {
		return notSent(err)
	}
	defer c.turn.Unlock()
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	if err := c.tell(ctx, m); err != nil {
		return err
	}
	text, err := readFrame(c.conn)
	if err != nil {
		return err
	}
	return received(c.env, m, text)
}

func (c *tcpChannel) tell(ctx context.Context, m message) error {
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetWriteDeadline(deadline); err != nil {
		return err
	}
	sending(c.env, m)
	return c.write(c.conn, m.String())
}

func (c *tcpChannel) close() {
	c.conn.Close()
	c.watching.Wait()
}

// sending records that a message is about to leave.
func sending(env lab.Env, m message) {
	e := m.event()
	e.Kind, e.Link, e.Msg = history.Send, link(), request(m)
	env.Record(e)
}

// received records the answer to a message. Another one than the message itself
// is an error.
func received(env lab.Env, m message, text string) error {
	if text != m.String() {
		return errOther
	}
	e := m.event()
	e.Kind, e.Link, e.Msg = history.Recv, link(), reply(m)
	env.Record(e)
	return nil
}

// errOther is that an answer is not the message itself.
var errOther = errors.New("the answer is to another question")

func link() string { return lab.Link{From: client, To: server}.String() }
