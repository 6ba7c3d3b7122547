package userservice

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/systems/userservice/userpb"
)

// session is a chat of the document's client (test_bidirectional_streaming): one
// call to Chat, and a thread that prints what comes.
type session struct {
	env     lab.Env
	stream  grpc.BidiStreamingClient[userpb.ChatMessage, userpb.ChatMessage]
	cancel  context.CancelFunc
	answers *answers
	ended   chan struct{} // closed when the chat is over, and err is set
	err     error
}

// openSession opens the n-th session of this life.
func openSession(ctx context.Context, env lab.Env, stub userpb.UserServiceClient, n int) *session {
	s := &session{env: env, answers: newAnswers(), ended: make(chan struct{})}
	ctx, s.cancel = context.WithCancel(calling(ctx, sessionName(env, n)))
	s.stream, s.err = stub.Chat(ctx)
	if s.err != nil {
		env.Printf("Chat error: %v: %s", status.Code(s.err), status.Convert(s.err).Message())
		close(s.ended)
		return s
	}
	go s.print()
	return s
}

// sessionName is one that no other session has, nor one of an earlier life that
// the server does not know to be over: both may be sent the same message.
func sessionName(env lab.Env, n int) string {
	name := fmt.Sprintf("session %d", n)
	return fmt.Sprintf("%s %s %08x", env.Node().Name, name, env.Rand(name).Uint32())
}

func (s *session) print() {
	defer close(s.ended)
	for {
		in, err := s.stream.Recv()
		if err != nil {
			s.err = err
			s.env.Printf("Chat error: %v: %s", status.Code(err), status.Convert(err).Message())
			return
		}
		text := plain(in.GetMessage())
		s.env.Printf("%s%s: %s", shown, in.GetUserId(), text)
		source, seq := saidBy(strings.TrimPrefix(text, echo))
		s.answers.take(name(source, seq))
	}
}

// over reports whether the chat has ended, and why.
func (s *session) over() error {
	select {
	case <-s.ended:
		return s.err
	default:
		return nil
	}
}

func (s *session) close() {
	s.cancel()
	<-s.ended
}

// say sends a message and waits for an answer. To the document's program a chat
// that has ended is over, and whoever sits there finds out when they say
// something; the next time they start it again.
func (c *program) say(ctx context.Context, ops []history.Event) {
	op, p := ops[0], c.env.Params()
	c.again(ctx, ops, func(context.Context) error {
		if err := c.chat.over(); err != nil {
			c.chat.close()
			c.sessions++
			c.chat = openSession(ctx, c.env, c.stub, c.sessions)
			return fmt.Errorf("%w: the chat had ended: %w", errNotSaid, err)
		}
		answered := c.chat.answers.expect(name(op.Source, op.Seq))
		c.env.Printf("Sending: %s", op.Value)
		if err := c.chat.stream.Send(&userpb.ChatMessage{
			UserId: op.Source, Message: padded(op.Value, p.Int("size")), Timestamp: c.env.Now().Unix(),
		}); err != nil {
			return err
		}
		if !within(ctx, answered, p.Duration("chat_wait")) {
			return fmt.Errorf("no answer came within %v", p.Duration("chat_wait"))
		}
		complete(c.env, ops, history.OK, "")
		return nil
	})
}
