package tcpecho

import (
	"context"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// original is the programs of the document.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: one read is one message, the next reply is the answer, and a connection is made once.",
		Breaks:  []string{"reply-match", "integrity", "no-phantoms", "no-loss", "isolated", "live"},
		OK:      ok(),
		// It connects, waits for the welcome, writes, and waits for each answer.
		Bound: func(p lab.Params) time.Duration {
			return gathering(p) + time.Duration(3+p.Int("burst"))*p.Duration("timeout") + time.Second
		},
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   runDocumented,
			"client": runProgram,
		},
		ReadBack: func(_ context.Context, o lab.Observer) ([]history.Event, error) {
			var entries []history.Event
			for _, line := range o.Console(server) {
				if message, ok := consoleLine(line); ok {
					entries = append(entries, about(message))
				}
			}
			return entries, nil
		},
	}
}
