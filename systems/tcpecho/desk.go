package tcpecho

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// desk is the hardened server. To a client of the document, which sends no
// frames, it is the document's server, without any promise.
type desk struct {
	env    lab.Env
	ledger *ledger
}

// longestSilence is how long a connection may say nothing, or not take what is
// said to it. Those whose client is behind a blackhole would be kept for ever.
const longestSilence = time.Minute

// runDesk serves at once; who comes before the log is read is told to ask again.
func runDesk(ctx context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(ctx)
	d := desk{env: env, ledger: newLedger(ctx, env)}
	opened := make(chan error, 1)
	go func() {
		err := d.ledger.open()
		if err != nil {
			cancel()
		}
		opened <- err
	}()
	err := serve(ctx, env, d.attend)
	cancel()
	return errors.Join(err, <-opened)
}

// attend looks at the first byte: a frame begins with 0, and no typed text does.
func (d desk) attend(v visit) error {
	v.Conn = patient{v.Conn}
	if err := v.welcome(); err != nil {
		return err
	}
	in := bufio.NewReader(v)
	first, err := in.Peek(1)
	switch {
	case err != nil:
		return err
	case first[0] != 0:
		return v.converse(in)
	}
	for {
		f, err := readFrame(in)
		if err != nil {
			return err
		}
		if err := d.take(v, f); err != nil {
			return err
		}
	}
}

// patient is a connection that is waited for so long, and no longer.
type patient struct{ net.Conn }

func (p patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(ahead(longestSilence)); err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

// Write of a client that does not read holds up its own thread, with one answer
// in it.
func (p patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(ahead(longestSilence)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

// take answers one frame. An error ends the connection: what comes behind a
// text that was not handled must not be handled before it.
func (d desk) take(v visit, f frame) error {
	switch f.Kind {
	case ask:
		if err := f.check(); err != nil {
			return err
		}
		return d.echo(v, f)
	case list:
		return d.list(v)
	}
	return fmt.Errorf("a client does not send frames of kind %d", f.Kind)
}

var errAgain = errors.New("it was told to ask again")

func (d desk) echo(v visit, f frame) error {
	e := f.of().event(history.Recv)
	e.Msg, e.Value = request(e), shown(f.Text)
	d.env.Record(e)
	d.env.Printf("Received from %s: %s", v.address(), e.Value)
	reply := frame{Kind: again, Seq: f.Seq, Client: f.Client}
	switch {
	case d.env.Overloaded():
		reply.Text = errOverloaded.Error()
	case !d.ledger.ready():
		reply.Text = "the log is being read"
	default:
		var err error
		if reply, err = d.ledger.handle(f); err != nil {
			return err // whether it was stored nobody knows; it will be asked again
		}
	}
	e.Kind, e.Msg, e.Value, e.Detail = history.Send, "re "+request(e), shown(reply.Text), shown(reply.More)
	d.env.Record(e)
	if err := v.give(reply); err != nil {
		return err
	}
	if reply.Kind == again {
		return errAgain
	}
	return nil
}

// give sends a frame.
func (v visit) give(f frame) error {
	_, err := v.Write(f.encode())
	return err
}

func (d desk) list(v visit) error {
	if !d.ledger.ready() {
		return v.give(frame{Kind: again, Text: "the log is being read"})
	}
	if err := d.ledger.each(v.give); err != nil {
		return err
	}
	return v.give(frame{Kind: last})
}
