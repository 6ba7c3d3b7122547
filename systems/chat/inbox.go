package chat

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// inbox is what a hardened peer listens with.
type inbox struct {
	chatpb.UnimplementedChattingServiceServer
	book *book
}

// SendMessage answers OK once the line is on disk and on the screen, now or
// before. FAILED_PRECONDITION: it is for somebody else than who is here.
// INVALID_ARGUMENT: it is none. After any other code it may be sent again.
func (i inbox) SendMessage(_ context.Context, in *chatpb.Message) (*chatpb.NullMsg, error) {
	l, env := lineOf(in), i.book.screen.env
	e := about(l.Text)
	e.ID = l.id()
	e.Kind, e.Op, e.Msg = history.Recv, "SendMessage", rpc.Request("SendMessage", e.ID)
	env.Record(e)
	has, err := i.take(l, in.GetToEpoch())
	e.Kind, e.Msg = history.Send, rpc.Answer("SendMessage", e.ID)
	env.Record(e)
	if err != nil {
		return nil, err
	}
	return &chatpb.NullMsg{Epoch: has.Epoch, Seq: has.Seq}, nil
}

func (i inbox) take(l line, toEpoch int64) (number, error) {
	if err := i.check(l); err != nil {
		return number{}, status.Error(codes.InvalidArgument, err.Error())
	}
	if !i.book.isOpen() {
		return number{}, status.Error(codes.Unavailable, "the lines of before are not read yet")
	}
	if l.number != (number{}) && !i.here(l, toEpoch) {
		return number{}, status.Errorf(codes.FailedPrecondition, "this is %s@%d; ask the naming service for who you are looking for", i.me(), i.book.epoch)
	}
	has, err := i.book.receive(l)
	if err != nil {
		return number{}, status.Error(codes.Unavailable, err.Error())
	}
	return has, nil
}

func (i inbox) me() string { return called(i.book.screen.person) }

// check refuses what is no line of another.
func (i inbox) check(l line) error {
	switch {
	case l.Text == "" || len(l.Text) > longest:
		return fmt.Errorf("a line has between 1 and %d bytes", longest)
	case l.Sender == "" || len(l.Sender) > longestName:
		return fmt.Errorf("a sender has between 1 and %d bytes", longestName)
	case l.Sender == i.me():
		return errors.New("a line of mine comes from me only")
	case l.number != (number{}) && (l.Epoch < 1 || l.Seq < 1):
		return errors.New("a line is numbered from 1, in an epoch from 1")
	case len(l.Time) > longestName:
		return fmt.Errorf("a time has at most %d bytes", longestName)
	case l.Stamp < 0 || l.Stamp > mostStamp:
		return errors.New("that is no stamp")
	}
	return nil
}

// mostStamp leaves room: a stamp must not drive those that follow it over the end
// of the numbers.
const mostStamp = 1 << 60

// here reports whether a line is for the person who is here, and for this life of
// their program. What the naming service once said may be true no longer: an
// address is not a person, and who answers on it must say so each time.
func (i inbox) here(l line, epoch int64) bool {
	here := l.To == i.me() && epoch == i.book.epoch
	e := about(l.Text)
	e.Kind, e.Op, e.ID = history.Decide, "address", l.id()
	e.Detail = fmt.Sprintf("%s@%d = %s@%d = %t → %s", l.To, epoch, i.me(), i.book.epoch, here, map[bool]string{true: "take", false: "refuse"}[here])
	i.book.screen.env.Record(e)
	return here
}

// GetInformation says who is here, as the document's.
func (i inbox) GetInformation(context.Context, *chatpb.NullMsg) (*chatpb.Message, error) {
	return introduce(i.book.screen), nil
}

// Screen gives what stands in the book.
func (i inbox) Screen(_ *chatpb.NullMsg, out grpc.ServerStreamingServer[chatpb.Shown]) error {
	if !i.book.isOpen() {
		return status.Error(codes.Unavailable, "the lines are not read yet")
	}
	for at, end := int64(0), i.book.end(); at < end; {
		l, next, err := i.book.read(at)
		if err != nil {
			return status.Error(codes.Unavailable, err.Error())
		}
		if err := out.Send(&chatpb.Shown{Person: i.me(), Line: l.message()}); err != nil {
			return err
		}
		at = next
	}
	return nil
}
