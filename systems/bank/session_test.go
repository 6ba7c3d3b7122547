package bank

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
	"faultlab/systems/bank/bankpb"
)

// A session takes its items in their order, each once, also when the bank dies
// after every one of them.
func TestASessionTakesWhatIsNext(t *testing.T) {
	for name, script := range map[string]string{
		"calm":             "",
		"the bank dies":    "every 50ms times 9 kill bank for 10ms\n",
		"the power fails":  "every 50ms times 9 powercut bank for 10ms\n",
		"appends are torn": "every 50ms times 9 tear bank for 10ms\n",
	} {
		t.Run(name, func(t *testing.T) {
			var came []string
			ledger := talk(t, hardened(), script, func(ctx context.Context, env lab.Env, c bankpb.BankServiceClient, l bankpb.LedgerClient) error {
				for _, call := range []func() (*bankpb.ConvertCurrencyResponse, error){
					func() (*bankpb.ConvertCurrencyResponse, error) { return c.Convert(ctx, item(1, 10)) },
					func() (*bankpb.ConvertCurrencyResponse, error) { return c.Convert(ctx, item(1, 10)) },
					func() (*bankpb.ConvertCurrencyResponse, error) { return c.Convert(ctx, item(1, 20)) },
					func() (*bankpb.ConvertCurrencyResponse, error) { return c.Convert(ctx, item(3, 30)) },
					func() (*bankpb.ConvertCurrencyResponse, error) { return perform(ctx, c, item(2, 1), item(3, 2)) },
					func() (*bankpb.ConvertCurrencyResponse, error) { return c.Convert(ctx, item(4, 40)) },
					func() (*bankpb.ConvertCurrencyResponse, error) {
						return perform(ctx, c, item(3, 2), item(4, 3), totalOf(5))
					},
					func() (*bankpb.ConvertCurrencyResponse, error) { return perform(ctx, c, totalOf(5)) },
				} {
					came = append(came, insist(ctx, call))
					time.Sleep(40 * time.Millisecond) // virtual
				}
				resumed, err := l.Resume(ctx, &bankpb.ResumeRequest{Session: "eve"})
				if err != nil {
					return err
				}
				came = append(came, fmt.Sprint(resumed.GetAcked()))
				return nil
			})
			require.Equal(t, []string{
				"eve/1 114.00",
				"eve/1 114.00", // again, and the same
				"AlreadyExists",
				"FailedPrecondition", // 2 is missing
				"FailedPrecondition", // two deposits, and no total
				"FailedPrecondition", // they wait for it
				"eve/5 68.40",        // of 1, 2 and 3, over two streams
				"eve/5 68.40",
				"5",
			}, came)
			require.Equal(t, []string{"convert 10.00", "deposit 1.00", "deposit 2.00", "deposit 3.00", "total 68.40"}, ledger)
		})
	}
}

// insist makes a call until the bank says something of the item itself.
func insist(ctx context.Context, call func() (*bankpb.ConvertCurrencyResponse, error)) string {
	for {
		r, err := call()
		switch code := status.Code(err); code {
		case codes.OK:
			return itemKey(r.GetSession(), r.GetSeq()) + " " + resultText(r.GetResult())
		case codes.InvalidArgument, codes.FailedPrecondition, codes.AlreadyExists:
			return code.String()
		}
		if lab.Rest(ctx, 5*time.Millisecond) != nil {
			return err.Error()
		}
	}
}

// The document's own clients are served by the hardened bank as documented.
func TestTheDocumentsClients(t *testing.T) {
	for _, v := range []lab.Variant{original(), hardened()} {
		t.Run(v.Name, func(t *testing.T) {
			ledger := talk(t, v, "workload quotes=3 tick=1ms\n", func(ctx context.Context, _ lab.Env, c bankpb.BankServiceClient, _ bankpb.LedgerClient) error {
				euros := &bankpb.ConvertCurrencyRequest{Amount: 6500, CurrencyFrom: "MAD", CurrencyTo: "EURO"}
				r, err := c.Convert(ctx, euros)
				if err != nil {
					return err
				}
				require.Equal(t, 74100.0, r.GetResult())
				require.Equal(t, "6500.00 MAD EURO", echoed(r))
				if r, err = perform(ctx, c, request(1), request(2.5)); err != nil {
					return err
				}
				require.Equal(t, "39.90", resultText(r.GetResult()))
				require.Zero(t, r.GetAmount())
				if r, err = perform(ctx, c); err != nil || r.GetResult() != 0 {
					return fmt.Errorf("nothing was paid in, and comes to %v: %w", r.GetResult(), err)
				}
				quotes, err := c.GetStream(ctx, euros)
				for range 3 {
					if err == nil {
						r, err = quotes.Recv()
					}
					require.Equal(t, "6500.00 MAD EURO", echoed(r))
					require.Less(t, r.GetResult(), 6500*11.0)
				}
				if err != nil {
					return err
				}
				stream, err := c.FullStream(ctx)
				for amount := range 3 {
					if err == nil {
						err = stream.Send(request(float64(amount + 1)))
					}
					if err == nil {
						r, err = stream.Recv()
					}
					require.EqualValues(t, 21*(amount+1), r.GetResult())
				}
				return err
			})
			require.Equal(t, []string{"convert 6500.00 MAD EURO", "deposit 1.00", "deposit 2.50"}, ledger[:3])
			require.Equal(t, []string{"full 1.00", "full 2.00", "full 3.00"}, ledger[len(ledger)-3:])
		})
	}
}

// Whatever comes, the node goes on, and what it has stored stays.
func TestHardenedRefuses(t *testing.T) {
	for name, change := range map[string]func(*bankpb.ConvertCurrencyRequest){
		"nothing":                  func(r *bankpb.ConvertCurrencyRequest) { r.Amount = 0 },
		"less than nothing":        func(r *bankpb.ConvertCurrencyRequest) { r.Amount = -1 },
		"no number":                func(r *bankpb.ConvertCurrencyRequest) { r.Amount = math.NaN() },
		"infinity":                 func(r *bankpb.ConvertCurrencyRequest) { r.Amount = math.Inf(1) },
		"too much":                 func(r *bankpb.ConvertCurrencyRequest) { r.Amount = 2 * mostMoney.float() },
		"two amounts":              func(r *bankpb.ConvertCurrencyRequest) { r.Minor = 5 },
		"a negative minor":         func(r *bankpb.ConvertCurrencyRequest) { r.Minor = math.MinInt64 },
		"a session, no number":     func(r *bankpb.ConvertCurrencyRequest) { r.Seq = 0 },
		"a number below zero":      func(r *bankpb.ConvertCurrencyRequest) { r.Seq = -5 },
		"after one below zero":     func(r *bankpb.ConvertCurrencyRequest) { r.After = -1 },
		"a number, no session":     func(r *bankpb.ConvertCurrencyRequest) { r.Session = "" },
		"a session's endless name": func(r *bankpb.ConvertCurrencyRequest) { r.Session = strings.Repeat("e", longestName+1) },
		"a currency's":             func(r *bankpb.ConvertCurrencyRequest) { r.CurrencyFrom = strings.Repeat("M", 1<<20) },
		"a total":                  func(r *bankpb.ConvertCurrencyRequest) { r.Total = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := talk(t, hardened(), "", func(ctx context.Context, _ lab.Env, c bankpb.BankServiceClient, _ bankpb.LedgerClient) error {
				if _, err := c.Convert(ctx, item(1, 1)); err != nil {
					return err
				}
				bad := item(2, 2)
				change(bad)
				_, err := c.Convert(ctx, bad)
				require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
				stream, err := c.FullStream(ctx)
				if err != nil {
					return err
				}
				if err := stream.Send(bad); err != nil {
					return err
				}
				_, err = stream.Recv()
				require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
				_, err = c.Convert(ctx, item(2, 2))
				return err
			})
			require.Equal(t, []string{"convert 1.00", "convert 2.00"}, ledger)
		})
	}
}

// A performStream in any other order than deposits, total, half-close counts
// nothing, and takes nothing from what comes after it.
func TestHardenedRefusesStreams(t *testing.T) {
	for name, stream := range map[string][]*bankpb.ConvertCurrencyRequest{
		"after its total":         {item(1, 1), totalOf(2), item(3, 1)},
		"two totals":              {item(1, 1), totalOf(2), totalOf(3)},
		"no total":                {item(1, 1)},
		"some without a session":  {request(1), item(1, 1), totalOf(2)},
		"a total of nothing told": {item(1, 1), totalOf(4)},
		"too large":               {{Amount: 1, CurrencyFrom: strings.Repeat("M", 8<<20)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := talk(t, hardened(), "", func(ctx context.Context, _ lab.Env, c bankpb.BankServiceClient, l bankpb.LedgerClient) error {
				_, err := perform(ctx, c, stream...)
				require.Error(t, err)
				page, err := l.Statement(ctx, &bankpb.StatementRequest{})
				require.NoError(t, err)
				require.Empty(t, page.GetLines())
				resumed, err := l.Resume(ctx, &bankpb.ResumeRequest{Session: "eve"})
				require.NoError(t, err)
				all := []*bankpb.ConvertCurrencyRequest{item(1, 1), totalOf(2)}
				_, err = perform(ctx, c, all[resumed.GetAcked():]...)
				return err
			})
			require.Equal(t, []string{"deposit 1.00", "total 11.40"}, ledger)
		})
	}
}

// A line on which nobody answers any more is closed, and the stream on it with
// it; else a bank would keep one for each client that ever went away.
func TestALineWithoutAnybody(t *testing.T) {
	var waited time.Duration
	worldtest.InPlaceOfClient(t, System(), hardened(), "settle 2m\nwhen client decides  blackhole client->bank upstream\n", func(ctx context.Context, env lab.Env) error {
		l, err := connect(ctx, env)
		if err != nil {
			return err
		}
		defer l.close()
		if _, err := l.give(planned(env.Params(), "client", 1)); err != nil {
			return err
		}
		stream, err := l.client.FullStream(ctx)
		if err != nil {
			return err
		}
		env.Record(history.Event{Kind: history.Decide, Detail: "the moment of the fault"})
		ctx, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		end, _ := ctx.Deadline()
		_, err = stream.Recv()
		waited = time.Hour - time.Until(end)
		require.Equal(t, codes.Unavailable, status.Code(err), "%v", err)
		return nil
	})
	require.LessOrEqual(t, waited, 2*lineCheck+time.Second)
}
