package userservice

import (
	"context"

	"google.golang.org/grpc"
	health "google.golang.org/grpc/health/grpc_health_v1"

	"faultlab/sim/lab"
)

// naive is original with what the document has and never uses: its interceptor
// and its health service are registered; and with clients that ask again when a
// call fails or takes too long. Without that nobody sees what a second try does to the first one's
// remains, nor what SERVING is worth.
func naive() lab.Variant {
	return lab.Variant{
		Name:    "naive",
		Summary: "As documented, with the interceptor and the health service registered, and clients that ask again, from the beginning.",
		Breaks:  []string{"no-loss", "no-duplicates", "atomic", "agreement", "live", "isolated"},
		OK:      ok("an answer to it came"),
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": func(ctx context.Context, env lab.Env) error {
				return serveDocumented(ctx, env, func(s *grpc.Server) {
					health.RegisterHealthServer(s, serving{ctx: ctx, env: env})
				}, logged(env)...)
			},
			"client": func(ctx context.Context, env lab.Env) error { return runProgram(ctx, env, true) },
		},
		ReadBack: readBack(heardOn),
	}
}
