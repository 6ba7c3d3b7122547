package bank

import (
	"context"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// hardened enters every amount once, whatever breaks. What does it, one file
// each:
//
//	customer.go  the client: within a deadline each, again over a new line,
//	             from where the bank stopped hearing
//	line.go      a connection, and the place in the session at which it begins
//	session.go   the bank's side: each item has a number, and only the next is taken
//	perform.go   deposits are kept as they come, and count at the half-close
//	ledger.go    a synced journal, which is the table of the sessions as well
//	money.go     hundredths instead of doubles
//	item.go      what comes is checked before it is entered
func hardened() lab.Variant {
	return lab.Variant{
		Name:    "hardened",
		Summary: "Numbered sessions that resume where they broke, a synced ledger, exact amounts, deadlines.",
		Promises: []string{
			"no-loss", "delivered", "no-duplicates", "fifo", "no-phantoms", "integrity", "reply-match", "atomic", "live",
		},
		OK:    okMeans(),
		Bound: bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			bank:     runDesk,
			"client": runCustomer,
		},
		ReadBack: func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
			lines, err := statement(ctx, o)
			if err != nil {
				return nil, err
			}
			var entries []history.Event
			for _, l := range lines {
				entries = append(entries, history.Event{
					Op: l.GetOperation(), Source: l.GetSession(), Seq: l.GetSeq(), Value: l.GetText(),
				})
			}
			return entries, nil
		},
	}
}

const (
	// patience is how long a client waits for a result before it says info. It
	// goes on with the next operation, and sees to it that this one is done
	// before that.
	patience = 2 * time.Second
	// rest is how long a client waits before it makes a new line.
	rest = 20 * time.Millisecond
)
