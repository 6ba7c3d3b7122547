package echo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
)

// listener is a channel on which a server may speak of itself.
type listener interface {
	// hear calls got for each message that comes, until none comes any more or
	// ctx ends. asked says that it asks for them once, before that.
	hear(ctx context.Context, asked bool, got func(text string)) error
}

// hear listens for as long as its patience lasts, and records what comes. Its
// operation ends ok: to hear nothing is a result.
func (p player) hear(ctx context.Context) error {
	m := p.message(Push, 1)
	p.operate(ctx, m, func(ctx context.Context) error {
		c, err := p.protocol.dial(ctx, p.env)
		if err != nil {
			return err
		}
		defer c.close()
		err = c.(listener).hear(ctx, p.params.Bool("asked"), func(text string) {
			if m, whole := parse(text); whole {
				e := m.event()
				e.Kind, e.Link, e.Msg = history.Recv, link(), request(m)
				p.env.Record(e)
			}
		})
		if ctx.Err() != nil {
			return nil
		}
		return err
	})
	return nil
}

// pushed makes a server send its messages, one a period.
func pushed(ctx context.Context, p lab.Params, send func(message) error) error {
	for seq := int64(1); seq <= int64(p.Int("messages")); seq++ {
		if err := send(message{verb: Push, seq: seq, size: p.Int("size")}); err != nil {
			return err
		}
		if err := lab.Rest(ctx, p.Duration("every")); err != nil {
			return err
		}
	}
	return nil
}

func (c *tcpChannel) hear(ctx context.Context, asked bool, got func(string)) error {
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetDeadline(deadline); err != nil {
		return err
	}
	if asked {
		if err := c.write(c.conn, message{verb: Push, seq: 1}.String()); err != nil {
			return err
		}
	}
	for {
		text, err := readFrame(c.conn)
		if err != nil {
			return err
		}
		got(text)
	}
}

func (c *udpChannel) hear(ctx context.Context, asked bool, got func(string)) error {
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	if asked {
		if _, err := io.WriteString(c.conn, message{verb: Push, seq: 1}.String()); err != nil {
			return err
		}
	}
	b := make([]byte, maxDatagram)
	for {
		n, err := c.conn.Read(b)
		if err != nil {
			return err
		}
		got(string(b[:n]))
	}
}

// hear asks for a response that is long in coming. Unasked it asks for a short
// one, which leaves the server a connection on which to say more.
func (c *httpChannel) hear(ctx context.Context, asked bool, got func(string)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+server, nil)
	if err != nil {
		return err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		got(lines.Text())
	}
	if !asked {
		<-ctx.Done()
	}
	return lines.Err()
}

// pushHTTP sends messages as lines of one response, each when it is there. If
// nobody asked for any it answers the request, and then sends a response a
// message to none.
func pushHTTP(ctx context.Context, w http.ResponseWriter, p lab.Params) {
	control := http.NewResponseController(w)
	if p.Bool("asked") {
		_ = pushed(ctx, p, func(m message) error { // an error is that the client has gone
			_, err := io.WriteString(w, m.String()+"\n")
			return errors.Join(err, control.Flush())
		})
		return
	}
	conn, _, err := control.Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer conn.Close()
	respond := func(text string) error {
		_, err := fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
		return err
	}
	if respond("hello\n") == nil && lab.Rest(ctx, p.Duration("every")) == nil {
		_ = pushed(ctx, p, func(m message) error { return respond(m.String() + "\n") })
	}
}

// hear opens a stream that the server fills. Unasked it only connects: a server
// has no way to begin a stream.
func (c *grpcChannel) hear(ctx context.Context, asked bool, got func(string)) error {
	if !asked {
		if err := rpc.Ready(ctx, c.conn); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}
	stream, err := c.open(ctx, pushMethod)
	if err != nil {
		return err
	}
	if err := stream.SendMsg(wrapperspb.Bytes([]byte(strings.TrimSpace(Push)))); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		in := new(wrapperspb.BytesValue)
		if err := stream.RecvMsg(in); err != nil {
			return err
		}
		got(string(in.GetValue()))
	}
}
