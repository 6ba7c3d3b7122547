package chat

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
)

// sayer says a line, and returns nil when it stands on the person's own screen.
type sayer func(ctx context.Context, text string) error

// talk says what is typed at a peer: by the person who sits there, up to the end
// of what they type, or by the workload. The workload's person then goes on
// listening until ctx ends.
func talk(ctx context.Context, s *screen, say sayer) error {
	if s.env.Terminal() != nil {
		return keyboard(ctx, s, say)
	}
	p := s.env.Params()
	every, period := p.Duration("every"), p.Duration("every")
	answers := p.Bool("answers") && s.env.Node().Name == davide
	if answers {
		period = 0
	}
	err := lab.Workload(ctx, s.env, int64(p.Int("lines")), period, func(seq int64) {
		if answers {
			s.awaitNews(ctx, every)
			if lab.Rest(ctx, every/4) != nil { // to read it, and to type
				return
			}
		}
		s.speak(ctx, seq, say)
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// speak is one operation. Its line belongs on the screen of who faces the
// machine, as the speaker believes: Davide, also where Eve has come instead.
func (s *screen) speak(ctx context.Context, seq int64, say sayer) {
	to, _ := facing(s.env.Node().Name)
	op := typed(s.person, seq)
	text := op.Value
	op.Kind, op.Op, op.Detail = history.Invoke, opSay, "to "+to
	if news := s.seen(); len(news) > 0 {
		op.Detail += "; saw " + strings.Join(news, ",")
	}
	s.env.Record(op)
	err := say(ctx, text)
	op.Value, op.Detail = "", ""
	switch {
	case err == nil:
		op.Kind = history.OK
	case rpc.Refused(err):
		op.Kind, op.Detail = history.Fail, err.Error()
	default:
		op.Kind, op.Detail = history.Info, err.Error()
	}
	s.env.Record(op)
}

// keyboard says the lines that a person types, but for empty ones.
func keyboard(ctx context.Context, s *screen, say sayer) error {
	lines := bufio.NewReader(s.env.Terminal())
	for ctx.Err() == nil {
		text, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) && text == "" {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read what is typed: %w", err)
		}
		if text = strings.ToValidUTF8(strings.TrimRight(text, "\r\n"), "\uFFFD"); text != "" {
			_ = say(ctx, text) // the screen has told
		}
	}
	return nil
}
