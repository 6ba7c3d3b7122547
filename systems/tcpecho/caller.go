package tcpecho

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// caller is the hardened client.
type caller struct {
	ctx  context.Context // of the node
	env  lab.Env
	line *line // or nil
}

// call is a text without an outcome.
type call struct {
	text
	open int // tries that may have been carried out
}

func runCaller(ctx context.Context, env lab.Env) error {
	c := &caller{ctx: ctx, env: env}
	defer c.hangUp()
	return workload(ctx, env, c.send)
}

// send asks for all texts of a burst until each has its answer or the time is
// up, each time over a new connection: over one that a late answer may still be
// on its way on, nothing more is asked.
func (c *caller) send(texts []text) {
	calls := make([]*call, len(texts))
	for i, t := range texts {
		calls[i] = &call{text: t}
	}
	ctx, cancel := context.WithTimeout(c.ctx, patience(c.env.Params()))
	defer cancel()
	end, _ := ctx.Deadline()
	for {
		rest, err := c.try(ctx, calls)
		if len(rest) == 0 {
			return
		}
		calls = rest
		c.hangUp()
		if !c.restBefore(ctx, end) {
			c.giveUp(calls, err)
			return
		}
	}
}

// restBefore rests, if there is time for another try then. A rest that ended in
// the same instant as the time would be followed by one or not, and no seed
// would decide which.
func (c *caller) restBefore(ctx context.Context, end time.Time) bool {
	if time.Until(end) <= rest {
		return false
	}
	return lab.Rest(ctx, rest) == nil
}

// try sends all calls at once, in their order, and takes answers for as long as
// they come in time. It returns those without one, and why.
func (c *caller) try(ctx context.Context, calls []*call) ([]*call, error) {
	if err := c.connect(ctx); err != nil {
		return calls, err
	}
	until := ahead(c.env.Params().Duration("timeout"))
	if end, _ := ctx.Deadline(); end.Before(until) {
		until = end
	}
	if err := c.line.SetDeadline(until); err != nil {
		return calls, err
	}
	var joined []byte
	for _, k := range calls {
		e := k.event(history.Send)
		e.Msg, e.Value, e.Link = request(e), shown(k.bytes), c.line.link
		c.env.Record(e)
		joined = append(joined, frame{Kind: ask, Seq: k.seq, Client: k.source, Text: k.bytes}.encode()...)
	}
	for _, k := range calls {
		k.open++
	}
	if _, err := c.line.Write(joined); err != nil {
		return calls, err
	}
	ends := false
	for len(calls) > 0 {
		reply, err := c.line.next()
		if err != nil {
			return calls, err
		}
		i := slices.IndexFunc(calls, func(k *call) bool { return k.source == reply.Client && k.seq == reply.Seq })
		if i < 0 {
			continue // an answer is that of its number, or nobody's
		}
		k := calls[i]
		if reply.Kind == again {
			k.open--
			return calls, fmt.Errorf("the server cannot now: %s", reply.Text)
		}
		c.take(k, reply)
		calls = slices.Delete(calls, i, i+1)
		ends = ends || command(k.bytes) == exit
	}
	if ends {
		// The server leaves the closing to its client: one that closes with
		// bytes unread resets the connection, and its last answer is lost.
		c.hangUp()
	}
	return nil, nil
}

func (c *caller) connect(ctx context.Context) (err error) {
	if c.line != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.env.Params().Duration("timeout"))
	defer cancel()
	c.line, err = connect(ctx, c.ctx, c.env)
	return err
}

func (c *caller) hangUp() {
	if c.line != nil {
		c.line.hangUp()
		c.line = nil
	}
}

// take completes a call with its answer.
func (c *caller) take(k *call, reply frame) {
	e := k.event(history.Recv)
	e.Msg, e.Value, e.Link = "re "+request(e), shown(reply.Text), c.line.link
	c.env.Record(e)
	if reply.Kind != done {
		c.giveUp([]*call{k}, errors.New(reply.Text))
		return
	}
	c.env.Printf("Server response: %s", reply.Text)
	if reply.More != "" {
		c.env.Printf("Server response: %s", reply.More)
	}
	e = k.event(history.OK)
	e.Value, e.Detail = shown(reply.Text), shown(reply.More)
	c.env.Record(e)
}

// giveUp completes calls without an answer. Only one that no try of was left
// open did certainly not happen.
func (c *caller) giveUp(calls []*call, err error) {
	for _, k := range calls {
		e := k.event(history.Info)
		if k.open == 0 {
			e.Kind = history.Fail
		}
		e.Detail = err.Error()
		c.env.Printf("Communication error: %v", err)
		c.env.Record(e)
	}
}
