package userservice

import (
	"context"

	"faultlab/sim/lab"
)

// hardened creates each batch wholly and once, shows each message to every
// member once and in one order, and lets nobody wait for somebody else's
// stream. What does it, one file each:
//
//	batch.go      a batch is created at the half-close, under its client's name for it
//	table.go      a batch is one synced record: the journal is the table of names
//	cursor.go     a list goes on behind the last user that came
//	room.go       the chat is a journal; a sender's own numbers tell copies
//	mailbox.go    a member has a place in the room, and no queue
//	quota.go      streams hold no workers, and there are only so many
//	calm.go       keepalive that both ends agree on
//	readiness.go  SERVING means: able to serve
//	tries.go      a client asks again, over a new connection, within a deadline
//	member.go     a client of the chat comes back to where it was
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Batches with names, committed at the half-close; lists and chats that go on where they broke; streams that hold no workers.",
		Promises: []string{"atomic", "no-duplicates", "no-loss", "fifo", "no-phantoms", "fail-honest", "id-unique", "reply-match", "agreement", "live", "isolated"},
		OK:       ok("it came back, with its number in the room: it is synced"),
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": hardenedServer,
			"client": hardenedClient,
		},
		ReadBack: readBack(keptBy),
	}
}
