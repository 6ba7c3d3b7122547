package tcpecho

import (
	"context"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// hardened gives TCP messages. What does it, one file each:
//
//	frame.go   a text has a length, a sender and a number, and so has its answer
//	caller.go  the client: an answer is that of its number; without one in time
//	           it closes the connection, and asks again on a new one
//	ledger.go  the server's side: each number is handled once, in order, and its
//	           answer is kept
//	desk.go    a connection that is silent too long, or makes no sense, is closed
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Frames with a length and a number, one answer to each number, close on timeout, a synced log that knows copies.",
		Promises: []string{"reply-match", "integrity", "fifo", "no-duplicates", "no-loss", "no-phantoms", "isolated", "live"},
		OK:       ok(),
		Bound: func(p lab.Params) time.Duration {
			return gathering(p) + patience(p) + time.Second
		},
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   runDesk,
			"client": runCaller,
		},
		ReadBack: func(ctx context.Context, o lab.Observer) (entries []history.Event, err error) {
			err = readLog(ctx, o, func(f frame) {
				entries = append(entries, history.Event{Op: echo, Source: f.Client, Seq: f.Seq, Value: shown(f.Text)})
			})
			return entries, err
		},
	}
}

// patience is how long a client asks before it says info. One that can still be
// reached must answer by then, also if the connection to it is found dead first.
func patience(p lab.Params) time.Duration { return 4 * p.Duration("timeout") }

const (
	// rest is how long a client waits before it makes a new connection.
	rest = 10 * time.Millisecond
	// window is how many answers the server keeps for each client, and so how
	// many texts one may send before it has an answer.
	window = 16
)
