// Package chat is the lab of two peers: each says lines to the other over gRPC,
// and shows what it said and heard on a screen of its own.
//
//	        ┌─────────gRPC─────────→ :8000 ┐
//	anouk ──┤                              ├── davide
//	        └ :8001 ←────────gRPC──────────┘
//	    └────────→ names :8002 ←───────────┘      hardened only
//
// It follows the second half of a student lab, "RPC - Remote Procedure Call" by
// A. Wuyts and D. De Rosa, "Challenge: Peer-to-Peer Chatting"; the comments name
// its sections. Its claim: lines said to a peer that cannot be reached are lost,
// and "this cannot be avoided".
package chat

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

// The machines, and the ports on which they listen ("Usage").
const (
	anouk  = "anouk"
	davide = "davide"
	names  = "names" // the naming service, which the original does not ask

	anoukPort  = 8001
	davidePort = 8000
	namesPort  = 8002
)

// eve may start a program of her own on Davide's machine.
const eve = "eve"

const opSay = "say" // the operation

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "chat",
		Story: "Two peers chat over gRPC: each shows its own lines and the other's. It shows that an error tells nothing " +
			"of whether a line was shown, that an address is not a person, that two screens need not agree, and what it " +
			"takes to talk to somebody who is away.",
		Delivers: true,
		Params: param.List{
			{Name: "lines", Default: 10, Min: 1, Max: 10000, Try: []string{"3", "8"}, Doc: "How many lines each of the two says."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "30ms"}, Doc: "The time between two lines of one. In the document they are typed by hand."},
			{Name: "answers", Default: false, Try: []string{"false", "true"}, Doc: "Davide says a line a quarter of that time after he was shown one, or after all of it without any."},
			{Name: "poll", Default: 3 * time.Second, Min: time.Millisecond, Try: []string{"20ms", "100ms"}, Doc: "How long a peer rests before it looks for the other again; the document's is 3s."},
			{Name: "retype", Default: 0, Max: 100, Try: []string{"0", "2"}, Doc: "How often a line that was answered with \"unreachable\" is typed again, after another such time."},
			{Name: "guest", Default: 0, Max: 10000, Doc: "When Davide's program is started again and his next line is of this number, it is Eve who sits there, and starts it under her name. 0: nobody does."},
			{Name: "deadline", Default: 500 * time.Millisecond, Min: 10 * time.Millisecond, Max: patience, Try: []string{"50ms", "300ms"}, Doc: "How long a hardened peer waits for an answer. The document's waits for ever."},
			{Name: "lease", Default: 3 * time.Second, Min: 600 * time.Millisecond, Max: time.Minute, Try: []string{"600ms", "2s"}, Doc: "For how long the naming service gives a name to a hardened peer, which asks for it again after a third of that."},
		},
		Nodes:   nodes,
		Links:   links,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("lines")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// nodes stand on a machine each. Peers are clients, and services as well.
func nodes(lab.Params) []lab.Node {
	return []lab.Node{
		{Name: names, Role: names, Host: names},
		{Name: anouk, Role: "peer", Host: anouk, Client: true, Person: true},
		{Name: davide, Role: "peer", Host: davide, Client: true, Person: true},
	}
}

func links(lab.Params) []lab.Link {
	return []lab.Link{
		{From: anouk, To: davide, Port: davidePort},
		{From: davide, To: anouk, Port: anoukPort},
		{From: anouk, To: names, Port: namesPort},
		{From: davide, To: names, Port: namesPort},
	}
}

// facing gives the machine that a peer's faces, and the port on which the peer
// itself listens.
func facing(machine string) (other string, port int) {
	if machine == anouk {
		return davide, anoukPort
	}
	return anouk, davidePort
}

// sitting is who sits at a machine.
func sitting(env lab.Env) string {
	machine, guest := env.Node().Name, env.Params().Int("guest")
	if machine == davide && guest > 0 && env.Invoked()+1 == int64(guest) && env.Terminal() == nil {
		return eve
	}
	return machine
}

// machineOf is where a person sits.
func machineOf(person string) string {
	if person == anouk {
		return anouk
	}
	return davide
}

// called is how a person is written.
func called(person string) string { return strings.ToUpper(person[:1]) + person[1:] }

// typed is the line of that number which a person says. The number makes a line
// that is shown twice two copies of one line, and not two lines.
func typed(person string, seq int64) history.Event {
	return about(fmt.Sprintf("%s-%d", person, seq))
}

// about says which line a text is: none of the workload's, if nobody was to type
// it.
func about(text string) history.Event {
	e := history.Event{ID: text, Value: text}
	person, number, _ := strings.Cut(text, "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err == nil && (person == anouk || person == davide || person == eve) {
		e.Source, e.Seq = person, seq
	}
	return e
}

// bound is within what time a line is said: in the original that is when it has
// been typed for the last time, in the hardened variant when a disk has had its
// time.
func bound(p lab.Params) time.Duration {
	return 2*patience + time.Duration(p.Int("retype"))*p.Duration("every")
}
