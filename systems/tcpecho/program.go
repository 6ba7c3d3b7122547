package tcpecho

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// program is TCPClient. It connects once, and keeps the socket whatever becomes
// of it: an error is printed, and the next message goes the same way.
type program struct {
	ctx  context.Context
	env  lab.Env
	conn net.Conn // nil before it has connected
	stop func() bool
}

func runProgram(ctx context.Context, env lab.Env) error {
	c := &program{ctx: ctx, env: env}
	defer c.disconnect()
	return workload(ctx, env, c.send)
}

// connect takes whatever one recv gives for the welcome.
func (c *program) connect() error {
	ctx, cancel := context.WithTimeout(c.ctx, c.env.Params().Duration("timeout"))
	defer cancel()
	conn, err := c.env.Dial(ctx, server)
	if err != nil {
		return err
	}
	c.conn = conn
	c.stop = context.AfterFunc(c.ctx, func() { conn.Close() })
	welcome, err := c.receive()
	if err != nil {
		c.disconnect()
		return err
	}
	c.env.Printf("Server says: %s", welcome)
	return nil
}

// receive is one recv. At the end of the stream it gives the empty text, which
// the document does not tell from a reply.
func (c *program) receive() (string, error) {
	if err := c.conn.SetReadDeadline(ahead(c.env.Params().Duration("timeout"))); err != nil {
		return "", err
	}
	data := make([]byte, received)
	n, err := c.conn.Read(data)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	e := answered(string(data[:n]))
	if strings.HasPrefix(welcomes, string(data[:min(n, len(welcomes))])) {
		e.Op, e.Msg = "welcome", "re welcome"
	}
	e.Kind, e.Link = history.Recv, c.link()
	if n > 0 {
		c.env.Record(e)
	}
	return decode(data[:n])
}

func (c *program) link() string { return lab.Link{From: c.env.Node().Name, To: server}.String() }

// send is send_message: the next reply is taken for the answer. Of a burst, all
// texts leave in one write, as TCP may join any two that are sent without a wait.
func (c *program) send(texts []text) {
	if c.conn == nil {
		if err := c.connect(); err != nil {
			c.env.Printf("Connection error: %s", inPython(err))
			for _, t := range texts {
				c.complete(t, history.Fail, "", err)
			}
			return
		}
	}
	var joined strings.Builder
	for _, t := range texts {
		e := asked(t.bytes)
		e.Kind, e.Source, e.Seq, e.Link = history.Send, t.source, t.seq, c.link()
		c.env.Record(e)
		joined.WriteString(t.bytes)
	}
	err := c.conn.SetWriteDeadline(ahead(c.env.Params().Duration("timeout")))
	if err == nil {
		_, err = io.WriteString(c.conn, joined.String())
	}
	ends := false
	for _, t := range texts {
		c.take(t, err)
		ends = ends || command(t.bytes) == exit
	}
	if ends {
		c.disconnect() // its last message; who wants to say more starts it again
	}
}

// take takes a reply for the answer to a text that was sent, if it was.
func (c *program) take(t text, err error) {
	var response string
	if err == nil {
		response, err = c.receive()
	}
	switch {
	case err != nil:
		c.env.Printf("Communication error: %s", inPython(err))
		c.complete(t, history.Info, "", err)
	case response == "":
		c.env.Printf("Server response: ")
		c.complete(t, history.Info, "", io.EOF)
	default:
		c.env.Printf("Server response: %s", response)
		c.complete(t, history.OK, response, nil)
	}
}

func (c *program) complete(t text, kind history.Kind, response string, err error) {
	e := t.event(kind)
	e.Value = shown(response)
	if err != nil {
		e.Detail = err.Error()
	}
	c.env.Record(e)
}

func (c *program) disconnect() {
	if c.conn != nil {
		c.stop()
		c.conn.Close()
		c.conn = nil
		c.env.Printf("Disconnected from server")
	}
}

// inPython is an error as Python would print it.
func inPython(err error) string {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return "timed out"
	}
	return err.Error()
}
