package users

import (
	"context"
	"errors"
	"net/http"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// hardened carries each request out once, keeps what it has acknowledged, and
// lets nobody wait for somebody else's client. What does it, one file each:
//
//	table.go   the users and the answers to keyed requests, one journal for both
//	change.go  a request with a known Idempotency-Key gets the answer it had;
//	           a change of what somebody else has changed is refused (If-Match)
//	fields.go  what a body may hold
//	desk.go    who asks for what, and an answer that says how long it is
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Idempotency keys, whose answers are synced in one record with the user; ids are never given twice.",
		Promises: []string{"no-loss", "no-duplicates", "id-unique", "linearizable", "reply-match", "live", "isolated"},
		OK:       ok(),
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": hardenedServer,
			"client": manner{insists: true, keepAlive: true, keyed: true, wary: true}.run,
		},
		ReadBack: readBack,
	}
}

// Limits of a connection. A client that stalls in the middle of a request, or
// does not read its answer, occupies nothing but its own connection, and that
// only so long.
const (
	readPatience  = 2 * time.Second
	writePatience = 5 * time.Second
	idlePatience  = time.Minute
)

// hardenedServer listens at once and answers 503 until it has its users again:
// with a broken disk that may take a while.
func hardenedServer(ctx context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := &desk{env: env, lock: lab.NewMutex()}
	recovered := make(chan error, 1)
	go func() {
		err := d.recover(ctx)
		if err != nil {
			cancel()
		}
		recovered <- err
	}()
	env.Printf("HTTP Server started on http://localhost:%d", port)
	err := web.Serve(ctx, env, port, &http.Server{
		Handler: d, ReadTimeout: readPatience, WriteTimeout: writePatience, IdleTimeout: idlePatience,
	})
	cancel()
	return errors.Join(err, <-recovered)
}
