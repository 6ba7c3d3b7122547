package udpecho

import (
	"context"

	"faultlab/sim/lab"
)

// hardened handles every message once and in order, and gives each its own
// answer. What does it, one file each:
//
//	frame.go    whose message it is and which, and whether it is whole
//	courier.go  the client sends again until the answer comes, one at a time
//	desk.go     the server knows a copy, and answers it from its cache
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Messages are numbered and sent again until they are answered; the server writes each down once, and answers copies from a cache.",
		Promises: []string{"delivered", "no-loss", "no-duplicates", "fifo", "integrity", "reply-match", "live"},
		OK: map[string]string{
			opEcho:    "the echo came: the server has the message on disk",
			opTooLong: "the client was told at once that it is too long; nothing was sent",
		},
		Bound: bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   serveDesk,
			"client": askPersistently,
		},
		ReadBack: readJournal,
	}
}
