package greeting

import (
	"context"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
)

// hardened asks again until the greeting comes or nobody wants it any more.
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Each call has a deadline, and is made again, over a new connection.",
		Promises: []string{"reply-match", "live"},
		OK:       map[string]string{greet: "the greeting came"},
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   serve,
			"client": client(askAgain),
		},
		ReadBack: readBack,
	}
}

const (
	// patience is how long a person waits for a greeting.
	patience = time.Second
	// rest is how long the client waits before it asks again.
	rest = 20 * time.Millisecond
)

// askAgain may ask as often as it likes: a name that is printed twice harms
// nobody. Each try takes a new connection, for one that a blackhole swallowed
// never carries anything again, and a deadline alone would end each try on it
// for ever.
func askAgain(ctx context.Context, env lab.Env, name string) (answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var open error // of a try that may have been executed
	for {
		try, cancel := context.WithTimeout(ctx, env.Params().Duration("deadline"))
		answer, err = ask(try, env, name)
		cancel()
		if err == nil {
			return answer, nil
		}
		if !rpc.Refused(err) {
			open = err
		}
		if lab.Rest(ctx, rest) == nil {
			continue
		}
		// A try that was refused says nothing of one before it that was not.
		if open != nil {
			return "", open
		}
		return "", err
	}
}
