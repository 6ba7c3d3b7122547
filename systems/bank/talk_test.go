package bank

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/world"
	"faultlab/sim/world/worldtest"
	"faultlab/systems/bank/bankpb"
)

// params are those of a workload line.
func params(t testing.TB, set map[string]string) lab.Params {
	t.Helper()
	p, err := System().Params.Parse(set)
	require.NoError(t, err)
	return p
}

// talk runs a variant in the virtual world, with f in place of its first client: it
// speaks to the bank as it is. It gives the ledger.
func talk(t testing.TB, v lab.Variant, script string, f func(context.Context, lab.Env, bankpb.BankServiceClient, bankpb.LedgerClient) error) []string {
	t.Helper()
	return ledgerOf(worldtest.InPlaceOfClient(t, System(), v, script, func(ctx context.Context, env lab.Env) error {
		conn, err := rpc.Dial(env, bank, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(64<<20)))
		if err != nil {
			return err
		}
		defer conn.Close()
		return f(ctx, env, bankpb.NewBankServiceClient(conn), bankpb.NewLedgerClient(conn))
	}))
}

// ledgerOf lists the ledger of a run, line by line.
func ledgerOf(r world.Result) []string {
	lines := []string{}
	for _, e := range labtest.Of(r.Events, history.Final) {
		lines = append(lines, e.Op+" "+e.Value)
	}
	return lines
}

// request is one of the document's.
func request(amount float64) *bankpb.ConvertCurrencyRequest {
	return &bankpb.ConvertCurrencyRequest{Amount: amount}
}

// item is one of a session; it comes after the number before it.
func item(seq int64, amount float64) *bankpb.ConvertCurrencyRequest {
	return &bankpb.ConvertCurrencyRequest{Amount: amount, Session: "eve", Seq: seq, After: seq - 1}
}

// totalOf asks for the sum of what came before it.
func totalOf(seq int64) *bankpb.ConvertCurrencyRequest {
	return &bankpb.ConvertCurrencyRequest{Session: "eve", Seq: seq, After: seq - 1, Total: true}
}

// perform sends requests over one performStream and returns the result of it.
func perform(ctx context.Context, c bankpb.BankServiceClient, requests ...*bankpb.ConvertCurrencyRequest) (*bankpb.ConvertCurrencyResponse, error) {
	stream, err := c.PerformStream(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range requests {
		if stream.Send(r) != nil {
			break // what it was, the answer tells
		}
	}
	return stream.CloseAndRecv()
}
