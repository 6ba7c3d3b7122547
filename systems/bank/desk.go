package bank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// desk is the hardened bank. To a client of the document, which sends no
// session, it is the document's bank, but for what it refuses.
//
//	INVALID_ARGUMENT     no amount, or a sum too large, or no item of a session
//	FAILED_PRECONDITION  not the next one: resume the session
//	ALREADY_EXISTS       its number is another item's
//	ABORTED              not entered, the disk failed: try again
//	any other            not known: ask again, with the same number
type desk struct {
	bankpb.UnimplementedBankServiceServer
	bankpb.UnimplementedLedgerServer
	env    lab.Env
	ledger *ledger
}

// lineCheck is how long a line may be silent before the bank asks whether
// anybody is there, and closes it where nobody answers. A stream whose client
// is behind a blackhole would otherwise be kept for ever.
const lineCheck = 10 * time.Second

// runDesk serves at once; who comes before the ledger is read waits.
func runDesk(ctx context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(ctx)
	l := newLedger(ctx, env)
	read := make(chan error, 1)
	go func() {
		err := l.open()
		if err != nil {
			cancel()
		}
		read <- err
	}()
	err := rpc.Serve(ctx, env, port, func(s *grpc.Server) {
		d := desk{env: env, ledger: l}
		bankpb.RegisterBankServiceServer(s, d)
		bankpb.RegisterLedgerServer(s, d)
	}, rpc.ServeItems(env, items(env.Params())), grpc.KeepaliveParams(keepalive.ServerParameters{Time: lineCheck, Timeout: lineCheck}))
	cancel()
	return errors.Join(err, <-read)
}

// enter reads a request and enters it. A client without a session has its own
// way of entering.
func (d desk) enter(ctx context.Context, op string, r *bankpb.ConvertCurrencyRequest) (entry, error) {
	e, err := read(op, r)
	if err != nil {
		return e, status.Error(codes.InvalidArgument, err.Error())
	}
	if err := d.ledger.ready(ctx, aboutRequest(d.env.Params(), r)); err != nil {
		return e, refusal(err)
	}
	if e.Session == "" {
		return e, refusal(d.ledger.enterLoose(ctx, e))
	}
	e, err = d.ledger.enter(ctx, e, r.GetAfter())
	return e, refusal(err)
}

// refusal tells a client what an error means for its item.
func refusal(err error) error {
	code := codes.Aborted
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errGap), errors.Is(err, errStaged):
		code = codes.FailedPrecondition
	case errors.Is(err, errSum):
		code = codes.InvalidArgument
	case errors.Is(err, errOther):
		code = codes.AlreadyExists
	case errors.Is(err, journal.ErrUncertain):
		code = codes.Unknown
	}
	return status.Error(code, err.Error())
}

// answer is the reply to an entry. As documented, only convert repeats the
// request.
func (e entry) answer() *bankpb.ConvertCurrencyResponse {
	r := &bankpb.ConvertCurrencyResponse{
		Result: e.result().float(), Minor: int64(e.result()), Session: e.Session, Seq: e.Seq,
	}
	if e.Operation == convert {
		r.Amount, r.CurrencyFrom, r.CurrencyTo = e.Amount.float(), e.From, e.To
	}
	return r
}

// Convert is the unary model.
func (d desk) Convert(ctx context.Context, r *bankpb.ConvertCurrencyRequest) (*bankpb.ConvertCurrencyResponse, error) {
	about := aboutRequest(d.env.Params(), r)
	about.Op = convert
	about.Kind, about.Msg = history.Recv, rpc.Request(convert, about.ID)
	d.env.Record(about)
	e, err := d.enter(ctx, convert, r)
	if err != nil {
		return nil, err
	}
	about.Kind, about.Msg, about.Value = history.Send, rpc.Answer(convert, about.ID), e.result().String()
	d.env.Record(about)
	return e.answer(), nil
}

// GetStream is server streaming. A quote has a number, from which a client
// whose stream broke goes on.
func (d desk) GetStream(r *bankpb.ConvertCurrencyRequest, stream grpc.ServerStreamingServer[bankpb.ConvertCurrencyResponse]) error {
	p := d.env.Params()
	e, err := read(get, r)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	draw := d.env.Rand(fmt.Sprintf("quotes of %s from %d", requestText(r), r.GetQuote()))
	for n := max(r.GetQuote(), 1); n <= int64(p.Int("quotes")); n++ {
		if err := lab.Rest(stream.Context(), p.Duration("tick")); err != nil {
			return status.FromContextError(err).Err()
		}
		err := stream.Send(&bankpb.ConvertCurrencyResponse{
			Amount: e.Amount.float(), CurrencyFrom: e.From, CurrencyTo: e.To, Result: quote(e.Amount.float(), draw.Float64()),
			Session: e.Session, Seq: e.Seq, Quote: n,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FullStream is bidirectional: each result bears the number of its amount.
func (d desk) FullStream(stream grpc.BidiStreamingServer[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse]) error {
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := d.enter(stream.Context(), full, r)
		if err != nil {
			return err
		}
		if err := stream.Send(e.answer()); err != nil {
			return err
		}
	}
}

// Resume tells how far a session has come. It waits for the disk if need be:
// an answer too low would be a lie about what is durable, and one too high too.
func (d desk) Resume(ctx context.Context, r *bankpb.ResumeRequest) (*bankpb.ResumeResponse, error) {
	about := history.Event{Op: "Resume", Source: r.GetSession(), ID: r.GetSession()}
	about.Kind, about.Msg = history.Recv, rpc.Request("Resume", about.ID)
	d.env.Record(about)
	if err := d.ledger.ready(ctx, about); err != nil {
		return nil, refusal(err)
	}
	acked, err := d.ledger.resume(ctx, r.GetSession())
	if err != nil {
		return nil, refusal(err)
	}
	about.Kind, about.Msg, about.Value = history.Send, rpc.Answer("Resume", about.ID), fmt.Sprint(acked)
	d.env.Record(about)
	return &bankpb.ResumeResponse{Acked: acked}, nil
}

// Statement gives what counts.
func (d desk) Statement(ctx context.Context, r *bankpb.StatementRequest) (*bankpb.StatementResponse, error) {
	if err := d.ledger.ready(ctx, history.Event{}); err != nil {
		return nil, refusal(err)
	}
	lines, err := d.ledger.lines(ctx)
	if err != nil {
		return nil, refusal(err)
	}
	return page(lines, r), nil
}
