// Package greeting is the lab of an effect that does not matter twice: a client
// asks a server for a greeting over gRPC.
//
//	client ──gRPC──→ server
//	Greet("Anouk")   prints Anouk, answers "Hello, Anouk!"
//
// It follows the first half of a student lab, "RPC - Remote Procedure Call" by
// A. Wuyts and D. De Rosa; the comments name its sections.
package greeting

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port   = 50051 // of the server ("Server")
	server = "server"
	greet  = "greet" // the operation
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "greeting",
		Story: "A client gives its name to a server and gets a greeting back; the server prints the name. " +
			"It shows that a call without a deadline can wait for ever, and that a call whose effect does not " +
			"matter twice may simply be made again.",
		Params: param.List{
			{Name: "greetings", Default: 10, Min: 1, Max: 100000, Try: []string{"3", "10", "30"}, Doc: "How many greetings each client asks for."},
			{Name: "every", Default: 100 * time.Millisecond, Try: []string{"0s", "5ms", "50ms"}, Doc: "The time between two of them. In the document a person types the name."},
			{Name: "clients", Default: 1, Min: 1, Max: len(names), Try: []string{"1", "2", "4"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "deadline", Default: 200 * time.Millisecond, Min: 10 * time.Millisecond, Max: patience, Try: []string{"50ms", "200ms"}, Doc: "How long the hardened client waits for one call. The document's waits for ever."},
		},
		Nodes:   nodes,
		Links:   links,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("greetings")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// bound is within what time a greeting completes: longer than it takes a
// client to give up on a server that it cannot reach.
func bound(lab.Params) time.Duration { return 2 * patience }

func nodes(p lab.Params) []lab.Node {
	all := lab.Clients(p.Int("clients"))
	for i := range all {
		all[i].Person = true
	}
	return append([]lab.Node{{Name: server, Role: "server", Host: server}}, all...)
}

func links(p lab.Params) []lab.Link { return lab.ClientLinks(p.Int("clients"), server, port) }

// names are what is typed at the clients, in their order.
var names = [...]string{"Anouk", "Davide", "Paul", "Hammad"}

// typedAt is what is typed at a client to ask for its greeting of that number.
// The number makes a name that is printed twice two prints of one greeting,
// and not two greetings.
func typedAt(node string, seq int64) (source, name string) {
	for i := range names {
		if lab.Numbered("client", i) == node {
			return names[i], fmt.Sprintf("%s-%d", names[i], seq)
		}
	}
	panic("greeting: no client " + node)
}

// asked says which greeting a name asks for: none, if nobody typed it.
func asked(name string) history.Event {
	e := history.Event{ID: name, Value: name}
	source, number, _ := strings.Cut(name, "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	for _, known := range names {
		if err == nil && source == known {
			e.Source, e.Seq = source, seq
		}
	}
	return e
}

// running is what the server prints when it starts.
var running = fmt.Sprintf("gRPC server is running on port %d...", port)

// readBack reads the names off the server's console, as a person would.
func readBack(_ context.Context, o lab.Observer) ([]history.Event, error) {
	var entries []history.Event
	for _, line := range o.Console(server) {
		if line != running {
			entries = append(entries, asked(line))
		}
	}
	return entries, nil
}
