package users

import (
	"context"

	"faultlab/sim/lab"
)

// naive is original with a counter that counts and clients that ask again.
// Without that every POST is lost to the next one, and what a lost answer or a
// restart does cannot be seen.
func naive() lab.Variant {
	return lab.Variant{
		Name:    "naive",
		Summary: "As documented, but new users get new ids, and a client that gets no answer asks again.",
		Breaks:  []string{"no-loss", "no-duplicates", "id-unique", "linearizable", "isolated"},
		OK:      ok(),
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": func(ctx context.Context, env lab.Env) error { return serveDocumented(ctx, env, true) },
			"client": manner{insists: true}.run,
		},
		ReadBack: readBack,
	}
}
