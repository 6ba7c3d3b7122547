package bank

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/systems/bank/bankpb"
)

// performed is what came over one performStream of the hardened bank.
type performed struct {
	desk
	paid  bool                           // a deposit of a session, which is entered
	loose []entry                        // those of a client without one, which are not
	asked *bankpb.ConvertCurrencyRequest // the total, with its number
}

// mostLoose is how many deposits a client without a session may have in one
// stream: they are kept in memory until it closes.
const mostLoose = int(mostSum / mostMoney)

// PerformStream is client streaming. The deposits of a session are durable as
// they come, so that a stream that broke goes on where it was; they count from
// the half-close on.
func (d desk) PerformStream(stream grpc.ClientStreamingServer[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse]) error {
	p := performed{desk: d}
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.take(stream.Context(), r)
		}
		if err != nil {
			return err
		}
	}
	e, err := p.total(stream.Context())
	if err != nil {
		return err
	}
	return stream.SendAndClose(e.answer())
}

func (p *performed) take(ctx context.Context, r *bankpb.ConvertCurrencyRequest) error {
	loose := r.GetSession() == "" && !r.GetTotal()
	switch {
	case p.asked != nil:
		return status.Error(codes.InvalidArgument, "the total comes last")
	case loose && p.paid, !loose && len(p.loose) > 0:
		return status.Error(codes.InvalidArgument, "amounts with and without a session in one stream")
	case r.GetTotal():
		p.asked = r
		return nil
	case !loose:
		p.paid = true
		_, err := p.enter(ctx, deposit, r)
		return err
	case len(p.loose) == mostLoose:
		return status.Errorf(codes.InvalidArgument, "over %d amounts; name a session, or make two streams of them", mostLoose)
	}
	e, err := read(deposit, r)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	p.loose = append(p.loose, e)
	return nil
}

// total is what the half-close asks for. Of a client without a session it
// enters all, in one record.
func (p *performed) total(ctx context.Context) (entry, error) {
	switch {
	case p.asked != nil:
		return p.enter(ctx, deposit, p.asked)
	case p.paid:
		return entry{}, status.Error(codes.FailedPrecondition, "the deposits of a session count with their total: send it before the half-close")
	}
	e := entry{Operation: total}
	for _, l := range p.loose {
		e.Amount += l.Amount
	}
	if len(p.loose) == 0 {
		return e, nil // as documented
	}
	if err := p.ledger.ready(ctx, history.Event{}); err != nil {
		return e, refusal(err)
	}
	return e, refusal(p.ledger.enterLoose(ctx, append(p.loose, e)...))
}
