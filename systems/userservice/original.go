package userservice

import (
	"context"

	"google.golang.org/grpc"

	"faultlab/sim/lab"
)

// original is the program of the document, mistakes included: those of the
// server are marked in documented.go and echo.go, those of the client in
// program.go. Its interceptor and its health service exist and are registered
// nowhere; they stand in naive.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: users in memory, created as they come; a chat that answers its speaker, under a lock.",
		Breaks:  []string{"no-loss", "no-duplicates", "atomic", "agreement", "live", "isolated"},
		OK:      ok("an answer to it came"),
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": func(ctx context.Context, env lab.Env) error {
				return serveDocumented(ctx, env, func(*grpc.Server) {})
			},
			"client": func(ctx context.Context, env lab.Env) error { return runProgram(ctx, env, false) },
		},
		ReadBack: readBack(heardOn),
	}
}
