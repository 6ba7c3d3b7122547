package echo

import (
	"context"
	"errors"
	"sync"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
)

// player is the client.
type player struct {
	env      metered
	params   lab.Params
	protocol protocol
}

// play is the client's role. It invokes no probe: what is measured is the
// protocol's, and nobody promises anything of it.
func play(ctx context.Context, env lab.Env) error {
	if env.Params().Bool("handshake") {
		env = handshaking{env}
	}
	p := player{newMetered(env), env.Params(), protocolOf(env.Params())}
	switch p.params.String("play") {
	case Beside:
		return p.beside(ctx)
	case Flood:
		return p.flood(ctx)
	case Push:
		return p.hear(ctx)
	}
	return p.send(ctx)
}

// message is the seq-th with that wish.
func (p player) message(verb string, seq int64) message {
	return message{verb: verb, seq: seq, size: p.params.Int("size")}
}

// send sends the messages, one a period, over one connection or over many. A
// connection that failed is not used again.
func (p player) send(ctx context.Context) error {
	verb, deliver := Ask, channel.ask
	if p.params.String("play") == Tell {
		verb = Tell
		deliver = func(c channel, ctx context.Context, m message) error { return c.(teller).tell(ctx, m) }
	}
	var kept channel
	defer func() { hangUp(kept) }()
	once := func(seq int64) {
		m := p.message(verb, seq)
		p.operate(ctx, m, func(ctx context.Context) (err error) {
			c := kept
			if c == nil {
				if c, err = p.protocol.dial(ctx, p.env); err != nil {
					return err
				}
			}
			err = deliver(c, ctx, m)
			if p.params.Bool("fresh") || err != nil {
				c.close()
				c = nil
			}
			if p.params.Bool("wait") {
				kept = c
			}
			return err
		})
	}
	var asked sync.WaitGroup
	defer asked.Wait()
	if !p.params.Bool("wait") && !p.params.Bool("fresh") {
		c, err := p.protocol.dial(ctx, p.env)
		if err != nil {
			return err
		}
		kept = c
	}
	for seq := int64(1); seq <= int64(p.params.Int("messages")); seq++ {
		if p.params.Bool("wait") {
			once(seq)
		} else {
			asked.Go(func() { once(seq) })
		}
		if err := lab.Rest(ctx, p.params.Duration("every")); err != nil {
			return err
		}
	}
	if verb == Tell { // what was told is still on its way, and nobody says when it is there
		return lab.Rest(ctx, p.params.Duration("patience"))
	}
	return nil
}

// operate records an operation from its invoke to its end.
func (p player) operate(ctx context.Context, m message, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, p.params.Duration("patience"))
	defer cancel()
	op := m.event()
	op.Kind = history.Invoke
	op.Value = m.String()
	p.env.Record(op)
	err := do(ctx)
	switch {
	case err == nil:
		op.Kind, op.Detail = history.OK, p.env.traffic()
	case errors.Is(err, errNotSent) || errors.Is(err, web.ErrNotSent) || rpc.Refused(err):
		op.Kind, op.Detail = history.Fail, err.Error()
	default:
		op.Kind, op.Detail = history.Info, err.Error()
	}
	p.env.Record(op)
}

// beside asks a slow question and, when that is at the server, a quick one over
// the same connection; so many times.
func (p player) beside(ctx context.Context) error {
	const ahead = 10 * time.Millisecond // of the quick one
	c, err := p.protocol.dial(ctx, p.env)
	if err != nil {
		return err
	}
	defer c.close()
	quick := c
	if _, single := p.protocol.(udp); single { // no connection, and so nothing that the two could share
		if quick, err = p.protocol.dial(ctx, p.env); err != nil {
			return err
		}
		defer quick.close()
	}
	ask := func(c channel, m message) {
		p.operate(ctx, m, func(ctx context.Context) error { return c.ask(ctx, m) })
	}
	for i := range int64(p.params.Int("messages")) {
		var both sync.WaitGroup
		both.Go(func() { ask(c, p.message(slow, 2*i+1)) })
		if err := lab.Rest(ctx, ahead); err != nil {
			return err
		}
		ask(quick, p.message(Ask, 2*i+2))
		both.Wait()
		if err := lab.Rest(ctx, p.params.Duration("every")); err != nil {
			return err
		}
	}
	return nil
}

func hangUp(c channel) {
	if c != nil {
		c.close()
	}
}
