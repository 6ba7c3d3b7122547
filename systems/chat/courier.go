package chat

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// courier brings own lines to the other, one by one, each until it has arrived.
type courier struct {
	book    *book
	names   directory
	to      string // the person
	machine string // to which a link leads
	at      whereabouts
	acked   number // the last line that the other is known to have
	found   bool   // the other was ever found
	cut     bool   // the person was told that the other is away
}

func newCourier(b *book, machine string) *courier {
	return &courier{book: b, names: directory{b.screen.env}, to: called(machine), machine: machine}
}

// run goes through the book. Where it was before a restart nobody wrote down: the
// answer to the first line that it brings again says what the other has.
func (c *courier) run(ctx context.Context) error {
	if err := c.book.await(ctx); err != nil {
		return err
	}
	c.book.screen.print("Waiting for other peer to connect...")
	for c.find(ctx) != nil && lab.Rest(ctx, c.env().Params().Duration("poll")) == nil {
	}
	for at := int64(0); ctx.Err() == nil; {
		l, next, err := c.book.read(at)
		switch {
		case errors.Is(err, io.EOF):
			select {
			case <-c.book.more:
			case <-ctx.Done():
			}
		case err != nil:
			_ = lab.Rest(ctx, pause)
		case c.book.own(l) && l.number.after(c.acked):
			c.bring(ctx, l)
		default:
			at = next
		}
	}
	return ctx.Err()
}

func (c *courier) env() lab.Env { return c.book.screen.env }

// bring sends a line once, and rests if it did not arrive.
func (c *courier) bring(ctx context.Context, l line) {
	err := c.find(ctx)
	wait := c.env().Params().Duration("poll")
	if err == nil {
		err, wait = c.send(ctx, l), pause
	}
	if err == nil {
		c.cut = false
		return
	}
	if ctx.Err() == nil && !c.cut {
		c.cut = true
		c.book.screen.print("%s is unreachable. Your lines are kept until they arrive.", c.to)
	}
	_ = lab.Rest(ctx, wait)
}

// find makes sure that it is known where the other is.
func (c *courier) find(ctx context.Context) error {
	if c.at.known() {
		return nil
	}
	var err error
	if c.at, err = c.names.lookup(ctx, c.to); err != nil {
		return err
	}
	if !c.found {
		c.found = true
		c.book.screen.welcome(c.to)
	}
	return nil
}

// send makes one try, over a connection of its own: one that a blackhole swallowed
// never carries anything again.
func (c *courier) send(ctx context.Context, l line) error {
	if c.at.machine != c.machine {
		c.at = whereabouts{}
		return fmt.Errorf("%s is at %q, where no link leads", c.to, c.at.machine)
	}
	ctx, cancel := context.WithTimeout(ctx, c.env().Params().Duration("deadline"))
	defer cancel()
	channel, err := rpc.Dial(c.env(), c.at.machine)
	if err != nil {
		return err
	}
	defer channel.Close()
	e := about(l.Text)
	e.ID = l.id()
	message := l.message()
	message.ToEpoch = c.at.epoch
	has, err := chatpb.NewChattingServiceClient(channel).SendMessage(rpc.About(ctx, e), message)
	if status.Code(err) == codes.FailedPrecondition {
		c.at = whereabouts{} // somebody else is there, or another life
	}
	if err != nil {
		return err
	}
	c.acked = number{has.GetEpoch(), has.GetSeq()}
	return nil
}
