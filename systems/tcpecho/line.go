package tcpecho

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"

	"faultlab/sim/lab"
)

// line is a connection on which frames come.
type line struct {
	net.Conn
	in      *bufio.Reader
	link    string
	stop    func() bool
	greeted bool // the welcome has been read
}

// connect dials the server. The line ends with the node.
func connect(ctx, life context.Context, env lab.Env) (*line, error) {
	conn, err := env.Dial(ctx, server)
	if err != nil {
		return nil, err
	}
	l := newLine(life, conn)
	l.link = lab.Link{From: env.Node().Name, To: server}.String()
	return l, nil
}

func newLine(life context.Context, conn net.Conn) *line {
	return &line{Conn: conn, in: bufio.NewReader(conn), stop: context.AfterFunc(life, func() { conn.Close() })}
}

func (l *line) hangUp() {
	l.stop()
	l.Close()
}

// longestWelcome is more than any welcome is long, in bytes.
const longestWelcome = 1 << 10

// next gives the next frame. Whatever stands before the first 0 is the welcome,
// in however many pieces it came.
func (l *line) next() (frame, error) {
	for n := 0; !l.greeted; n++ {
		first, err := l.in.ReadByte()
		switch {
		case err != nil:
			return frame{}, err
		case n > longestWelcome:
			return frame{}, errors.New("the server says too much before it answers")
		case first == 0:
			l.greeted = true
			if err := l.in.UnreadByte(); err != nil {
				return frame{}, err
			}
		}
	}
	return readFrame(l.in)
}

// readLog reads the server's log from outside, past all links. A server that has
// just started may have to be asked again.
func readLog(ctx context.Context, o lab.Observer, give func(frame)) error {
	for {
		conn, err := o.Dial(ctx, server, port)
		if err != nil {
			return fmt.Errorf("read the server's log: %w", err)
		}
		l := newLine(ctx, conn)
		whole, err := l.log(give)
		l.hangUp()
		if whole || err != nil {
			return err
		}
		if err := lab.Rest(ctx, rest); err != nil {
			return fmt.Errorf("read the server's log: %w", err)
		}
	}
}

// log asks for the log; whole is false where the server has not got it yet.
func (l *line) log(give func(frame)) (whole bool, err error) {
	if _, err := l.Write(frame{Kind: list}.encode()); err != nil {
		return false, fmt.Errorf("ask for the server's log: %w", err)
	}
	for {
		f, err := l.next()
		switch {
		case err != nil:
			return false, fmt.Errorf("read the server's log: %w", err)
		case f.Kind == last:
			return true, nil
		case f.Kind == again:
			return false, nil
		case f.Kind == entry:
			give(f)
		}
	}
}
