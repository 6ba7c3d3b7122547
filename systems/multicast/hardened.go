package multicast

import (
	"context"

	"faultlab/sim/lab"
)

// hardened lets every receiver notice what it lacks, and get it. What does it, one
// file each:
//
//	frame.go      whose message it is, of which epoch, and which
//	said.go       the sender's messages on disk: a retransmit buffer without an end
//	speaker.go    the sender: on disk first, then out to all
//	heartbeat.go  how far the sender is, for who has lost the last one
//	resend.go     what a receiver wants, to it alone
//	ear.go        the receiver: each message once, in order, and what lacks is asked for
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Messages are numbered and kept; receivers ask for what they lack, and heartbeats tell them of the last.",
		Promises: []string{"delivered", "no-loss", "agreement", "no-duplicates", "fifo", "integrity", "live"},
		OK:       map[string]string{opSay: "it is on the sender's disk, and was handed to the network"},
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			sender:     speak,
			"receiver": hear,
		},
		ReadBack: readJournals,
		Settled:  settled,
	}
}
