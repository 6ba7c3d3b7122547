// Package udpecho is the lab of the bare datagram: a client sends a text to a
// server over UDP and gets it back.
//
//	client ──UDP──→ server
//	"Hello UDP!"    prints it, answers "UDP-ECHO: Hello UDP!"
//
// It follows the section "UDP (User Datagram Protocol)" of a survey of
// integration protocols (in Russian), whose classes the comments name. Its claim
// is modest, no delivery and no order; what its programs make of that is not.
package udpecho

import (
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port   = 8889 // of the server (UDPServer)
	server = "server"
)

// The operations. The hardened client refuses a message that is too long for the
// protocol: the refusal is the answer, leaves nothing in the log, and owes no
// delivery.
const (
	opEcho    = "echo"
	opTooLong = "too-long"
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "udpecho",
		Story: "A client sends texts to a server over UDP, and the server sends each back. It shows that a datagram can " +
			"be lost, come twice, come late and come cut off, that an answer is not the answer because it came next, and " +
			"how little it takes to have every text handled once and in order all the same.",
		Delivers: true,
		Reads:    []string{opTooLong},
		Params: param.List{
			{Name: "messages", Default: 6, Min: 1, Max: 100000, Try: []string{"3", "20"}, Doc: "How many messages each client sends; the document's sends 3."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "30ms"}, Doc: "The time between two of them; the document's is 1s."},
			{Name: "clients", Default: 1, Min: 1, Max: 100, Try: []string{"1", "3"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "payload", Default: sayDemo, OneOf: []string{sayDemo, sayText, sayMultibyte, sayBinary, sayEmpty}, Try: []string{sayDemo, sayText, sayMultibyte, sayBinary, sayEmpty}, Doc: "What they say: demo, the document's three texts in turn; text; multibyte, filled up with letters of two bytes; binary, no text at all; empty, every second one says nothing."},
			{Name: "size", Default: 0, Max: 60000, Try: []string{"0", "1024", "1429", "1430", "1431", "1472", "1473"}, Doc: "To how many bytes every second message is filled up. 0: not at all."},
			{Name: "timeout", Default: 5 * time.Second, Min: 10 * time.Millisecond, Max: time.Minute, Try: []string{"100ms", "1s"}, Doc: "How long the document's client waits for an answer. The hardened one gives up after 2s."},
			{Name: "resend", Default: 50 * time.Millisecond, Min: time.Millisecond, Max: time.Second, Try: []string{"10ms", "50ms"}, Doc: "How long the hardened client waits before it sends a message again, and then twice as long each time, up to eight times that."},
		},
		Nodes:   nodes,
		Links:   links,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("messages")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

func nodes(p lab.Params) []lab.Node {
	return append([]lab.Node{{Name: server, Role: "server", Host: server}}, lab.Clients(p.Int("clients"))...)
}

func links(p lab.Params) []lab.Link {
	all := lab.ClientLinks(p.Int("clients"), server, port)
	for i := range all {
		all[i].Packet = true
	}
	return all
}

// bound is within what time an operation completes: a client that gets no
// answer says so.
func bound(p lab.Params) time.Duration {
	return max(p.Duration("timeout"), patience) + 500*time.Millisecond
}
