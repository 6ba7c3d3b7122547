package facade

import (
	"context"
	"encoding/json"
	"fmt"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// hardened stores every message once, and says of none what it does not know.
// What does it, one file each:
//
//	key.go      the client names its message: posting again is the same message
//	attempt.go  try again, each time within a deadline; tell "not stored" from "not known"
//	desk.go     the facade: what it tells its clients of that
//	book.go     the log is the table of ids: a synced journal, one place a message
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "The client names its message; the logging service keeps messages and names in one synced journal.",
		Promises: []string{"no-loss", "no-duplicates", "fail-honest", "no-phantoms", "fifo", "live"},
		OK:       map[string]string{"post": "the facade answered 2xx: the message is synced", "get": "the facade answered 200"},
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			facade:   hardenedFacade,
			logging:  hardenedLogging,
			weblog:   hardenedWeblog,
			messages: runMessages,
			"client": func(ctx context.Context, env lab.Env) error {
				return newPoster(env, true, wholeTry(env.Params())).run(ctx)
			},
		},
		ReadBack: func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
			body, err := web.Look(ctx, o, facade, facadePort, pathOf(o.Params()))
			if err != nil {
				return nil, err
			}
			var page everything
			if err := json.Unmarshal(body, &page); err != nil {
				return nil, fmt.Errorf("read the facade's answer: %w", err)
			}
			return entries(page.Logs), nil
		},
	}
}
