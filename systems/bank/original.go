package bank

import (
	"context"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// original is the programs of the document, and a ledger: a file to which the
// bank appends what it is asked for, as it comes.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: no numbers, no deadlines, no second try; the ledger takes each amount as it comes.",
		Breaks:  []string{"no-loss", "delivered", "no-duplicates", "no-phantoms", "integrity", "reply-match", "atomic", "live"},
		OK:      okMeans(),
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			bank:     runDocumented,
			"client": runPrograms,
		},
		ReadBack: func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
			lines, err := statement(ctx, o)
			if err != nil {
				return nil, err
			}
			return account(o.Params(), lines), nil
		},
	}
}
