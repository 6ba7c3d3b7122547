package chat

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// directory is the naming service, as a peer asks it. Each question has a
// deadline and a connection of its own.
type directory struct{ env lab.Env }

// whereabouts is where a person is, for as long as that may be relied on.
type whereabouts struct {
	machine string
	epoch   int64
	until   time.Time
}

func (w whereabouts) known() bool { return w.machine != "" && time.Until(w.until) > 0 }

// ahead is the moment that lies so far ahead, on the clock that nobody sets.
func ahead(d time.Duration) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	at, _ := ctx.Deadline()
	return at
}

func (d directory) lookup(ctx context.Context, person string) (at whereabouts, err error) {
	err = d.ask(ctx, person, func(ctx context.Context, service chatpb.NamingServiceClient) error {
		// What is said is as old as the question: it must not be relied on for longer
		// than the service does.
		asked := ahead(0)
		answer, err := service.Lookup(ctx, &chatpb.Name{Name: person})
		if err == nil {
			at = whereabouts{answer.GetMachine(), answer.GetEpoch(), asked.Add(time.Duration(answer.GetMilliseconds()) * time.Millisecond)}
		}
		return err
	})
	return at, err
}

// register asks for a name once.
func (d directory) register(ctx context.Context, person string, epoch int64) error {
	in := &chatpb.Registration{Name: called(person), Machine: d.env.Node().Name, Epoch: epoch}
	return d.ask(ctx, tenant(in), func(ctx context.Context, service chatpb.NamingServiceClient) error {
		_, err := service.Register(ctx, in)
		return err
	})
}

func (d directory) ask(ctx context.Context, id string, question func(context.Context, chatpb.NamingServiceClient) error) error {
	ctx, cancel := context.WithTimeout(rpc.About(ctx, history.Event{ID: id}), d.env.Params().Duration("deadline"))
	defer cancel()
	channel, err := rpc.Dial(d.env, names)
	if err != nil {
		return err
	}
	defer channel.Close()
	return question(ctx, chatpb.NewNamingServiceClient(channel))
}

// keepName asks for the name again and again, three times in a lease: one answer
// or two may get lost. A program that starts again does so anew, in its new epoch.
func (d directory) keepName(ctx context.Context, b *book) error {
	if err := b.await(ctx); err != nil {
		return err
	}
	told := ""
	for {
		err := d.register(ctx, b.screen.person, b.epoch)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if said := refusal(err); said != told {
			if told = said; told != "" {
				b.screen.print("You cannot be found: %s", told)
			}
		}
		if err := lab.Rest(ctx, d.env.Params().Duration("lease")/3); err != nil {
			return err
		}
	}
}

// refusal is what the naming service says against giving a name, if it was that.
func refusal(err error) string {
	switch s, _ := status.FromError(err); {
	case err == nil || errors.Is(err, rpc.ErrNotSent):
		return ""
	case s.Code() == codes.Aborted || s.Code() == codes.AlreadyExists || s.Code() == codes.ResourceExhausted:
		return s.Message()
	}
	return ""
}
