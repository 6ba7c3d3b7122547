package bank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// documented is BankGrpcService. It remembers nothing between two calls; what
// it writes to its ledger it never reads but to show it.
type documented struct {
	bankpb.UnimplementedBankServiceServer
	bankpb.UnimplementedLedgerServer
	env lab.Env
}

func runDocumented(ctx context.Context, env lab.Env) error {
	return rpc.Serve(ctx, env, port, func(s *grpc.Server) {
		d := documented{env: env}
		bankpb.RegisterBankServiceServer(s, d)
		bankpb.RegisterLedgerServer(s, d)
	}, rpc.ServeItems(env, items(env.Params())))
}

// ledgerFile has a line for each amount.
const ledgerFile = "ledger.txt"

// enter appends a line to the ledger. It is not synced, nothing in it tells
// whether the bank has seen the request before, and nobody is told of an error.
func (d documented) enter(op string, r *bankpb.ConvertCurrencyRequest) {
	e := aboutItem(d.env.Params(), r.GetSession(), r.GetSeq(), r.GetAmount())
	e.Value = requestText(r)
	if err := d.env.Disk().Append(ledgerFile, []byte(op+" "+e.Value+"\n")); err != nil {
		d.env.Printf("cannot write to the ledger: %v", err)
		return
	}
	e.Kind, e.Op = history.Store, op
	d.env.Record(e)
}

// Convert is the unary model.
func (d documented) Convert(_ context.Context, r *bankpb.ConvertCurrencyRequest) (*bankpb.ConvertCurrencyResponse, error) {
	e := aboutRequest(d.env.Params(), r)
	e.Op = convert
	e.Kind, e.Msg = history.Recv, rpc.Request(convert, e.ID)
	d.env.Record(e)
	d.enter(convert, r)
	result := r.GetAmount() * rate
	e.Kind, e.Msg, e.Value = history.Send, rpc.Answer(convert, e.ID), resultText(result)
	d.env.Record(e)
	return &bankpb.ConvertCurrencyResponse{
		Amount: r.GetAmount(), CurrencyFrom: r.GetCurrencyFrom(), CurrencyTo: r.GetCurrencyTo(), Result: result,
	}, nil
}

// PerformStream is client streaming. The sum lives as long as the stream, and
// with it goes the way back to whoever has paid in a part of it.
func (d documented) PerformStream(stream grpc.ClientStreamingServer[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse]) error {
	sum := 0.0
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(&bankpb.ConvertCurrencyResponse{Result: sum * rate})
		}
		if err != nil {
			return err // the document's onError is empty
		}
		d.enter(deposit, r)
		sum += r.GetAmount()
	}
}

// GetStream is server streaming: the rate of each quote is drawn. A quote has
// no number, so that nobody can ask for those that are missing.
func (d documented) GetStream(r *bankpb.ConvertCurrencyRequest, stream grpc.ServerStreamingServer[bankpb.ConvertCurrencyResponse]) error {
	p := d.env.Params()
	draw := d.env.Rand("quotes of " + requestText(r))
	for range p.Int("quotes") {
		if err := lab.Rest(stream.Context(), p.Duration("tick")); err != nil {
			return err
		}
		err := stream.Send(&bankpb.ConvertCurrencyResponse{
			Amount: r.GetAmount(), CurrencyFrom: r.GetCurrencyFrom(), CurrencyTo: r.GetCurrencyTo(),
			Result: quote(r.GetAmount(), draw.Float64()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// quote is the result of a quote at the rate that was drawn.
func quote(amount, drawn float64) float64 { return amount * drawn * 11 }

// FullStream is bidirectional: a result for each amount, and no word of which.
func (d documented) FullStream(stream grpc.BidiStreamingServer[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse]) error {
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		d.enter(full, r)
		if err := stream.Send(&bankpb.ConvertCurrencyResponse{Result: r.GetAmount() * fullRate}); err != nil {
			return err
		}
	}
}

// Statement gives the file.
func (d documented) Statement(_ context.Context, r *bankpb.StatementRequest) (*bankpb.StatementResponse, error) {
	text, err := d.env.Disk().Read(ledgerFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	var lines []*bankpb.Line
	for line := range strings.Lines(string(text)) {
		op, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		lines = append(lines, &bankpb.Line{Operation: op, Text: text})
	}
	return page(lines, r), nil
}
