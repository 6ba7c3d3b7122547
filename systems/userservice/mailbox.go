package userservice

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/systems/userservice/userpb"
)

// The metadata keys of who joins the room. Who gives none is a guest, and is
// sent what is said from now on.
const (
	memberKey = "chat-member"
	afterKey  = "chat-after" // the number of the last message that they were shown
)

const (
	fromNow  = -1
	unending = math.MaxInt64
	// chunk is about how many bytes of the room a mailbox reads at once.
	chunk = 16 << 10
)

// mailbox is what the room has for a member who is there: a place.
type mailbox struct {
	room    *room
	member  string
	request string
	mail    chan struct{} // has something when there may be something to do
	closed  chan struct{} // closed when the member is here again, elsewhere

	// guarded by room.lock
	place int64 // how far the member was sent the room
	until int64 // how far they want it: they may say that they have done
}

// Chat puts a member into the room. What they say and what they are sent are
// two things: who does not read can still speak, and holds up nobody.
func (s *service) Chat(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage]) error {
	ctx := stream.Context()
	member, text := first(ctx, memberKey), first(ctx, afterKey)
	e := about(ctx)
	e.Kind, e.Op, e.Detail = history.Decide, "chat", fmt.Sprintf("%.80q is here and was shown the room up to %.80q", member, text)
	s.env.Record(e)
	place := int64(fromNow)
	if text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return status.Errorf(codes.InvalidArgument, "%s is %.80q, which is no number of a message", afterKey, text)
		}
		place = n
	}
	if len(member) > longestText {
		return status.Errorf(codes.InvalidArgument, "the %s is over %d bytes", memberKey, longestText)
	}
	box, err := s.room.join(member, e.ID, place)
	if err != nil {
		return err
	}
	defer s.room.leave(box)
	s.env.Printf("[Chat] Client connected: %s", member)
	// Both end with the stream, hence at the latest when this returns: also the
	// one that waits for a member who does not read.
	ended := make(chan error, 2)
	s.under.Go(func() {
		if err := box.hear(stream); err != nil {
			ended <- err
		}
	})
	s.under.Go(func() { ended <- box.deliver(stream) })
	select {
	case err = <-ended:
	case <-box.closed:
		err = status.Errorf(codes.Aborted, "%s is here again, over another connection", member)
	}
	return err
}

// rouse makes deliver look.
func (b *mailbox) rouse() {
	select {
	case b.mail <- struct{}{}:
	default:
	}
}

// hear posts what the member says. It returns nil when they have done.
func (b *mailbox) hear(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage]) error {
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			b.room.lock.Lock()
			b.until = b.room.journal.Size()
			b.room.lock.Unlock()
			b.rouse()
			return nil
		}
		if err != nil {
			return err
		}
		b.room.env.Printf("[Chat] Message from %s: %s", in.GetUserId(), plain(in.GetMessage()))
		switch {
		case len(in.GetUserId()) > longestText || len(in.GetMessage()) > longestMessage:
			return status.Errorf(codes.InvalidArgument, "a message has at most %d bytes, a user_id %d", longestMessage, longestText)
		case in.GetSeq() < 0:
			return status.Error(codes.InvalidArgument, "seq is negative")
		}
		if err := b.room.post(in); err != nil {
			return err
		}
	}
}

// deliver sends the room from the member's place on.
func (b *mailbox) deliver(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage]) error {
	ctx := stream.Context()
	for {
		b.room.lock.Lock()
		place, until, end := b.place, b.until, b.room.journal.Size()
		b.room.lock.Unlock()
		switch {
		case place >= until:
			return nil
		case place < end:
			if err := b.send(stream, place); err != nil {
				return err
			}
		default:
			select {
			case <-b.mail:
			case <-ctx.Done():
			}
			if err := ctx.Err(); err != nil {
				return status.FromContextError(err).Err()
			}
			// All members go on in the instant in which somebody has spoken; an
			// event has a time of its own.
			b.room.env.Record(history.Event{
				Kind: history.Decide, Op: "deliver", ID: b.request,
				Detail: fmt.Sprintf("the room has %d bytes, %d of them were sent", b.room.journal.Size(), place),
			})
		}
	}
}

// send sends some messages and moves the place behind them.
func (b *mailbox) send(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage], place int64) error {
	entries, err := b.room.journal.From(place, chunk)
	if errors.Is(err, journal.ErrNoRecord) {
		return b.unknown(place)
	}
	if err != nil {
		// The disk may do again in a moment, and the place is not lost.
		b.room.env.Printf("[Chat] Cannot read the room for %s yet: %v", b.member, err)
		return lab.Rest(stream.Context(), rest)
	}
	for _, entry := range entries {
		var s spoken
		if err := json.Unmarshal(entry.Record, &s); err != nil {
			return b.unknown(place)
		}
		if err := stream.Send(&userpb.ChatMessage{
			UserId: speaker, Message: echo + s.Message, Timestamp: s.At,
			Sender: s.From, Seq: s.Seq, Number: entry.End,
		}); err != nil {
			return err
		}
		b.room.lock.Lock()
		b.place = entry.End
		b.room.lock.Unlock()
	}
	return nil
}

// unknown is the answer to a member who was never sent a message of that number.
func (b *mailbox) unknown(place int64) error {
	return status.Errorf(codes.InvalidArgument, "%s: this room has no message %d", afterKey, place)
}
