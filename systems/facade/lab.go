// Package facade is the lab of retry and deduplication: a facade takes messages
// over HTTP and has a logging service store them, over gRPC or over HTTP.
//
//	client ──HTTP──→ facade ──gRPC──→ logging    /grpc_message
//	                   ├────HTTP──→ weblog       /message
//	                   └────HTTP──→ messages
//
// It follows a student's report on a first exercise in microservices, by
// O. Serbinenko, whose consoles the comments quote. Its claims: retry, and
// exactly-once delivery.
package facade

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

// The nodes, and the ports of the document.
const (
	facade   = "facade"
	logging  = "logging"
	weblog   = "weblog" // the logging service of the document's first half
	messages = "messages"

	facadePort   = 8000
	loggingPort  = 50051
	weblogPort   = 8001
	messagesPort = 8002
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "facade",
		Story: "A client posts messages to a facade, which gives each an id and has a logging service store it. The facade " +
			"tries again when the logging service does not answer, and the logging service skips an id that it knows. " +
			"It shows that retry and ids make exactly-once only as far as the id reaches and the table of ids lasts.",
		Params: param.List{
			{Name: "clients", Default: 1, Min: 1, Max: 4, Try: []string{"1", "3"}, Doc: "How many clients post at the same time."},
			{Name: "messages", Default: 5, Min: 1, Max: 10000, Try: []string{"3", "8"}, Doc: "How many messages each client posts."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "3ms", "20ms"}, Doc: "The least time between two messages of a client. The document's were typed by hand."},
			{Name: "path", Default: viaGRPC, OneOf: []string{viaGRPC, viaHTTP}, Try: []string{viaGRPC, viaHTTP}, Doc: "Over what the facade speaks to the logging service: /grpc_message or /message."},
			{Name: "fixed_id", Default: false, Doc: "The document's experiment with exactly-once: every message has the id 123, and the facade's loop over the attempts goes on after a success."},
			{Name: "attempts", Default: 5, Min: 1, Max: 100, Try: []string{"2", "5"}, Doc: "How often the facade asks the logging service; the document's is 5."},
			{Name: "deadline", Default: 5 * time.Second, Min: 10 * time.Millisecond, Try: []string{"50ms", "300ms"}, Doc: "How long an attempt may take; the document's is 5s."},
			{Name: "pause", Default: 2 * time.Second, Try: []string{"0s", "20ms"}, Doc: "The rest after an attempt that failed; the document's is 2s."},
			{Name: "repost", Default: false, Try: []string{"false", "true"}, Doc: "A client that got no 2xx rests for a pause and posts its message again, as often as there are attempts."},
			{Name: "work", Default: time.Duration(0), Try: []string{"0s", "30ms"}, Doc: "How long the logging service is busy with a message between the look at its ids and the storing."},
		},
		Nodes:   nodes,
		Links:   links,
		Reads:   []string{"get"},
		Waits:   true,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("messages")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// Values of path.
const (
	viaGRPC = "grpc"
	viaHTTP = "http"
)

// pathOf is the facade's path that a workload uses.
func pathOf(p lab.Params) string {
	if p.String("path") == viaHTTP {
		return "/message"
	}
	return "/grpc_message"
}

// nodes stand on a machine each.
func nodes(p lab.Params) []lab.Node {
	var all []lab.Node
	for _, name := range []string{facade, logging, weblog, messages} {
		all = append(all, lab.Node{Name: name, Role: name, Host: name})
	}
	return append(all, lab.Clients(p.Int("clients"))...)
}

func links(p lab.Params) []lab.Link {
	return append([]lab.Link{
		{From: facade, To: logging, Port: loggingPort},
		{From: facade, To: weblog, Port: weblogPort},
		{From: facade, To: messages, Port: messagesPort},
	}, lab.ClientLinks(p.Int("clients"), facade, facadePort)...)
}

// fixedID is the id of the document's experiment.
const fixedID = "123"

// text is what a client posts. It has no space in it: the original's log would
// not tell one message from two.
func text(source string, seq int64) string { return fmt.Sprintf("%s-%d", source, seq) }

// about begins the events about a message. One that no client of the workload
// posted has no source.
func about(id, msg string) history.Event {
	e := history.Event{ID: id, Value: msg}
	if source, number, ok := strings.Cut(msg, "-"); ok {
		if seq, err := strconv.ParseInt(number, 10, 64); err == nil && text(source, seq) == msg {
			e.Source, e.Seq = source, seq
		}
	}
	return e
}

// wholeTry is how long all attempts at a message take at most, and hence how
// long a client that gives up at all has to wait for an answer.
func wholeTry(p lab.Params) time.Duration {
	return time.Duration(p.Int("attempts"))*(p.Duration("deadline")+p.Duration("pause")) + time.Second
}

// bound is within what time an operation completes: a post, or all of them if
// the client posts again.
func bound(p lab.Params) time.Duration {
	posts := 1
	if p.Bool("repost") {
		posts = p.Int("attempts")
	}
	return time.Duration(posts)*(wholeTry(p)+p.Duration("pause")) + time.Second
}
