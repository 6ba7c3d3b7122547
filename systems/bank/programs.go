package bank

import (
	"context"
	"errors"
	"fmt"
	"io"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// programs are the document's clients, BankGrpcClient1 to 5. Each makes one
// call over a channel of its own, waits for as long as that takes, and ends.
// (The second differs from the first in that it goes on meanwhile, to wait for
// its user.)
type programs struct {
	ctx context.Context // of the node
	env lab.Env
	row *row // the stream of amounts that is under way
}

func runPrograms(ctx context.Context, env lab.Env) error {
	p := env.Params()
	c := &programs{ctx: ctx, env: env}
	err := lab.Workload(ctx, env, operations(p), p.Duration("every"), func(seq int64) {
		s := planned(p, env.Node().Name, seq)
		env.Record(s.invoke(p))
		switch s.op {
		case convert:
			c.complete(s, c.again(func() (string, error) { return c.convert(s) }))
		case get:
			c.get(s)
		default:
			if c.row == nil {
				c.row = &row{programs: c, lock: lab.NewMutex()}
			}
			c.row.next(s)
			if s.last {
				c.row.close()
				c.row = nil
			}
		}
	})
	if c.row != nil { // asked to end in the middle of it
		c.row.close()
		c.row.completeOpen(outcome{err: err})
	}
	return err
}

// outcome is what came of an operation.
type outcome struct {
	answer string
	err    error
}

// again makes a call until it succeeds or the attempts are over.
func (c *programs) again(call func() (string, error)) outcome {
	open := false // one attempt may have been executed
	for n := 1; ; n++ {
		answer, err := call()
		if err == nil {
			return outcome{answer: answer}
		}
		open = open || !rpc.Refused(err)
		if n < c.env.Params().Int("attempts") && lab.Rest(c.ctx, c.env.Params().Duration("pause")) == nil {
			continue
		}
		if !open {
			err = fmt.Errorf("%w: %w", errNotDone, err)
		}
		return outcome{err: err}
	}
}

// complete records what came of an operation.
func (c *programs) complete(s step, o outcome) {
	e := s.event()
	switch {
	case o.err == nil:
		e.Kind, e.Value = history.OK, o.answer
	case errors.Is(o.err, errNotDone):
		e.Kind, e.Detail = history.Fail, o.err.Error()
	default:
		e.Kind, e.Detail = history.Info, o.err.Error()
	}
	c.env.Record(e)
}

// errNotDone says that an operation certainly was not executed.
var errNotDone = errors.New("it was not done")

// convert is BankGrpcClient1, without a deadline.
func (c *programs) convert(s step) (answer string, err error) {
	channel, err := rpc.Dial(c.env, bank)
	if err != nil {
		return "", err
	}
	defer channel.Close()
	e := s.event()
	e.Value = s.text()
	r, err := bankpb.NewBankServiceClient(channel).Convert(rpc.About(c.ctx, e), s.documented())
	if err != nil {
		return "", err
	}
	c.env.Printf("amount: %v result: %v", r.GetAmount(), r.GetResult())
	return resultText(r.GetResult()), nil
}

// documented is the request of an operation as the document's clients make it.
func (s step) documented() *bankpb.ConvertCurrencyRequest {
	from, to := s.currencies()
	return &bankpb.ConvertCurrencyRequest{Amount: s.amount.float(), CurrencyFrom: from, CurrencyTo: to}
}

// get is BankGrpcClient3. Made again it gets all quotes again, and cannot tell
// them from those that it has.
func (c *programs) get(s step) {
	quotes, of := 0, s.text()
	c.complete(s, c.again(func() (string, error) {
		err := c.read(s, func(r *bankpb.ConvertCurrencyResponse) {
			quotes++
			if echo := echoed(r); echo != s.text() {
				of = echo
			}
		})
		return quotesText(quotes, of), err
	}))
}

// echoed is what a quote says that it is of.
func echoed(r *bankpb.ConvertCurrencyResponse) string {
	return requestText(&bankpb.ConvertCurrencyRequest{
		Amount: r.GetAmount(), CurrencyFrom: r.GetCurrencyFrom(), CurrencyTo: r.GetCurrencyTo(),
	})
}

func (c *programs) read(s step, each func(*bankpb.ConvertCurrencyResponse)) error {
	channel, err := rpc.Dial(c.env, bank, rpc.DialItems(c.env, bank, items(c.env.Params())))
	if err != nil {
		return err
	}
	defer channel.Close()
	stream, err := bankpb.NewBankServiceClient(channel).GetStream(c.ctx, s.documented())
	if err != nil {
		return err
	}
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			c.env.Printf("END")
			return nil
		}
		if err != nil {
			return fmt.Errorf("the quotes broke off: %w", err)
		}
		c.env.Printf("amount: %v result: %v", r.GetAmount(), r.GetResult())
		each(r)
	}
}
