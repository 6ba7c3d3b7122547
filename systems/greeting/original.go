package greeting

import (
	"context"

	"faultlab/sim/lab"
)

// original is the program of the document.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: one call without a deadline, and an error ends the client.",
		Breaks:  []string{"live"},
		OK:      map[string]string{greet: "the greeting came"},
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   serve,
			"client": client(ask), // no deadline: an answer that is lost is waited for for ever
		},
		ReadBack: readBack,
	}
}
