package bank

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// line is a connection of the hardened client to the bank, with the stream that
// is open on it. One thing at a time goes over it, and when anything goes wrong
// the whole line is given up: of a connection that a blackhole swallowed no
// other stream is worth a try.
type line struct {
	env     lab.Env
	ctx     context.Context // of all that goes over it
	cancel  context.CancelFunc
	channel *grpc.ClientConn
	client  bankpb.BankServiceClient
	sent    int64 // number of the last item that the bank has, or that is on its way

	perform grpc.ClientStreamingClient[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse] // or nil
	full    grpc.BidiStreamingClient[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse]   // or nil
}

// connect makes a line and asks the bank how far it has heard.
func connect(ctx context.Context, env lab.Env) (*line, error) {
	channel, err := rpc.Dial(env, bank, rpc.DialItems(env, bank, items(env.Params())))
	if err != nil {
		return nil, err
	}
	l := &line{env: env, channel: channel, client: bankpb.NewBankServiceClient(channel)}
	l.ctx, l.cancel = context.WithCancel(ctx)
	return l, nil
}

// resume begins the line at the place in the session that the bank tells.
func (l *line) resume() error {
	me := l.env.Node().Name
	about := rpc.About(l.ctx, history.Event{Source: me, ID: me})
	r, err := bankpb.NewLedgerClient(l.channel).Resume(about, &bankpb.ResumeRequest{Session: me})
	if err != nil {
		return fmt.Errorf("resume the session: %w", err)
	}
	l.sent = r.GetAcked()
	return nil
}

func (l *line) close() {
	l.cancel()
	l.channel.Close()
}

// numbered is the request of an operation with its place in the session.
func (s step) numbered() *bankpb.ConvertCurrencyRequest {
	if s.op == total {
		return &bankpb.ConvertCurrencyRequest{Session: s.source, Seq: s.seq, After: s.before, Total: true}
	}
	r := s.documented()
	r.Session, r.Seq, r.After, r.Minor = s.source, s.seq, s.before, int64(s.amount)
	return r
}

// give sends an item and returns the answer to it; a deposit has none.
func (l *line) give(s step) (answer string, err error) {
	var r *bankpb.ConvertCurrencyResponse
	switch s.op {
	case deposit:
		err = l.deposit(s)
	case total:
		r, err = l.total(s)
	case full:
		r, err = l.converse(s)
	default:
		e := s.event()
		e.Value = s.text()
		r, err = l.client.Convert(rpc.About(l.ctx, e), s.numbered())
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%s %s: %w", s.op, s.key(), err)
	case r != nil && (r.GetSession() != s.source || r.GetSeq() != s.seq):
		return "", fmt.Errorf("the answer to %s came for %s", itemKey(r.GetSession(), r.GetSeq()), s.key())
	}
	l.sent = s.seq
	if r == nil {
		return "", nil
	}
	return money(r.GetMinor()).String(), nil
}

func (l *line) deposit(s step) (err error) {
	if l.perform == nil {
		if l.perform, err = l.client.PerformStream(l.ctx); err != nil {
			return err
		}
	}
	return why(l.perform, l.perform.Send(s.numbered()))
}

// total sends the half-close, with its number just before it.
func (l *line) total(s step) (*bankpb.ConvertCurrencyResponse, error) {
	if err := l.deposit(s); err != nil {
		return nil, err
	}
	stream := l.perform
	l.perform = nil
	return stream.CloseAndRecv()
}

func (l *line) converse(s step) (r *bankpb.ConvertCurrencyResponse, err error) {
	if l.full == nil {
		if l.full, err = l.client.FullStream(l.ctx); err != nil {
			return nil, err
		}
	}
	if err := why(l.full, l.full.Send(s.numbered())); err != nil {
		return nil, err
	}
	if r, err = l.full.Recv(); err != nil || !s.last {
		return r, err
	}
	stream := l.full
	l.full = nil
	if err := stream.CloseSend(); err != nil {
		return nil, err
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the stream did not end: %w", err)
	}
	return r, nil
}

// why gives the reason of a send that failed: that a stream has ended is all
// that sending tells.
func why(stream grpc.ClientStream, err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	if why := stream.RecvMsg(&bankpb.ConvertCurrencyResponse{}); why != nil {
		return why
	}
	return errors.New("it was answered before it was sent")
}

// quotes reads a getStream from a quote on.
func (l *line) quotes(s step, from int64) (func() (*bankpb.ConvertCurrencyResponse, error), error) {
	r := s.documented()
	r.Session, r.Seq, r.Minor, r.Quote = s.source, s.seq, int64(s.amount), from
	stream, err := l.client.GetStream(l.ctx, r)
	if err != nil {
		return nil, err
	}
	return stream.Recv, nil
}
