package bank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/systems/bank/bankpb"
)

// customer is the hardened client. What it has asked for it sees done: before
// an item it gives the bank all earlier ones that the bank has not, those of
// its former lives as well.
type customer struct {
	ctx      context.Context // of the node
	env      lab.Env
	line     *line  // or nil
	deposits []step // without an outcome
}

func runCustomer(ctx context.Context, env lab.Env) error {
	p := env.Params()
	c := &customer{ctx: ctx, env: env}
	defer c.hangUp()
	err := lab.Workload(ctx, env, operations(p), p.Duration("every"), func(seq int64) {
		s := planned(p, env.Node().Name, seq)
		env.Record(s.invoke(p))
		c.ask(s)
	})
	c.completeDeposits(err) // of a client that was asked to end in the middle of a stream
	return err
}

// ask makes an operation, and records what came of it. A deposit has its
// outcome when the sum is there; that its line is dead is nothing to wait for,
// for the total will make another.
func (c *customer) ask(s step) {
	p := c.env.Params()
	switch s.op {
	case deposit:
		c.deposits = append(c.deposits, s)
		c.env.Printf("Counter = %d", s.seq-s.first)
		c.persist(p.Duration("deadline"), func(ctx context.Context) error {
			_, err := c.catchUp(ctx, s)
			return err
		})
		return
	case get:
		quotes := int64(0)
		err := c.persist(quoting(p)+patience, func(ctx context.Context) error { return c.quotes(ctx, s, &quotes) })
		c.complete(s, quotesText(int(quotes), s.text()), err)
	default:
		if s.op == full {
			c.env.Printf("Counter = %d", s.seq-s.first)
		}
		var answer string
		err := c.persist(patience, func(ctx context.Context) (err error) {
			answer, err = c.catchUp(ctx, s)
			return err
		})
		if s.op == total {
			c.completeDeposits(err)
		}
		c.complete(s, answer, err)
	}
	if s.last && s.op != convert {
		c.env.Printf("END")
	}
}

func (c *customer) completeDeposits(err error) {
	for _, d := range c.deposits {
		c.complete(d, "", err)
	}
	c.deposits = nil
}

// complete records what came of an operation. It is never a fail: what was not
// done will be.
func (c *customer) complete(s step, answer string, err error) {
	e := s.event()
	e.Kind, e.Value = history.OK, answer
	if err != nil {
		e.Kind, e.Value, e.Detail = history.Info, "", err.Error()
	}
	c.env.Record(e)
}

// persist tries until it succeeds or the time is up, each time over a new line.
func (c *customer) persist(d time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(c.ctx, d)
	defer cancel()
	end, _ := ctx.Deadline()
	for {
		err := c.connect(ctx)
		if err == nil {
			err = try(ctx)
		}
		if err == nil {
			return nil
		}
		c.hangUp()
		// A rest that ended in the same instant as the time would be followed by
		// another try or not, and no seed would decide which.
		if time.Until(end) <= rest || lab.Rest(ctx, rest) != nil {
			return err
		}
	}
}

// connect makes a line if there is none.
func (c *customer) connect(ctx context.Context) (err error) {
	if c.line != nil {
		return nil
	}
	if c.line, err = connect(c.ctx, c.env); err != nil {
		return err
	}
	return c.within(ctx, 0, c.line.resume)
}

func (c *customer) hangUp() {
	if c.line != nil {
		c.line.close()
		c.line = nil
	}
}

// within gives the bank a deadline, from when on it is to answer; a line over
// which nothing came by then is dead.
func (c *customer) within(ctx context.Context, from time.Duration, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, from+c.env.Params().Duration("deadline"))
	defer cancel()
	stop := context.AfterFunc(ctx, c.line.cancel)
	defer stop()
	return do()
}

// catchUp gives the bank all up to an item, and returns the answer to that. The
// item itself is given also when the bank has it: the answer is what is missing.
func (c *customer) catchUp(ctx context.Context, s step) (answer string, err error) {
	for seq := min(c.line.sent+1, s.seq); seq <= s.seq; seq++ {
		item := planned(c.env.Params(), s.source, seq)
		if item.op == get {
			continue // it leaves nothing at the bank
		}
		err := c.within(ctx, 0, func() (err error) {
			answer, err = c.line.give(item)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return answer, nil
}

// quotes gets the quotes that are missing.
func (c *customer) quotes(ctx context.Context, s step, got *int64) error {
	var next func() (*bankpb.ConvertCurrencyResponse, error)
	err := c.within(ctx, 0, func() (err error) {
		next, err = c.line.quotes(s, *got+1)
		return err
	})
	for err == nil {
		err = c.within(ctx, c.env.Params().Duration("tick"), func() error {
			r, err := next()
			if err != nil {
				return err
			}
			return c.take(s, r, got)
		})
	}
	if want := int64(c.env.Params().Int("quotes")); !errors.Is(err, io.EOF) || *got != want {
		return fmt.Errorf("%d of %d quotes of %s came: %w", *got, want, s.key(), err)
	}
	return nil
}

// take accepts a quote if it is the next.
func (c *customer) take(s step, r *bankpb.ConvertCurrencyResponse, got *int64) error {
	if r.GetSession() != s.source || r.GetSeq() != s.seq || r.GetQuote() != *got+1 || echoed(r) != s.text() {
		return fmt.Errorf("quote %d of %s came where %d of %s is due", r.GetQuote(), itemKey(r.GetSession(), r.GetSeq()), *got+1, s.key())
	}
	*got = r.GetQuote()
	c.env.Printf("amount: %v result: %v", r.GetAmount(), r.GetResult())
	return nil
}
