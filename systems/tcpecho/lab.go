// Package tcpecho is the lab of the missing message: an echo server over TCP,
// which carries bytes in order, and knows nothing of where one message ends.
//
//	client  ─┐
//	client2 ─┼─TCP──→ server   m → ECHO: m
//	client3 ─┘                 time, exit → a second answer
//
// It follows the TCP example of a survey of network protocols, the classes
// TCPServer and TCPClient, which the comments name. Texts, port and periods are
// the document's.
package tcpecho

import (
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port   = 8888 // TCPServer.__init__
	server = "server"
	echo   = "echo" // the operation
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "tcpecho",
		Story: "Clients send texts to a server over TCP and get them back. It shows that TCP has no messages: one read is " +
			"not one text, a text may come in pieces or together with the next one, and an answer that comes late, or " +
			"second, is taken for the answer to something else. What TCP delivers, complete and in order, is bytes.",
		Params: param.List{
			{Name: "clients", Default: 1, Min: 1, Max: len(timeWords), Try: []string{"1", "3"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "messages", Default: 4, Min: 1, Max: 10000, Try: []string{"3", "10"}, Doc: "How many texts each client sends; the document's session has 4."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "50ms"}, Doc: "The time between two texts; the document's client rests for 1s."},
			{
				Name: "payload", Default: sayDocument, OneOf: []string{sayDocument, sayText, sayCommands, sayEdges, sayLong, sayBinary, sayEmpty, sayMixed},
				Try: []string{sayText, sayDocument, sayCommands, sayEdges, sayLong, sayBinary, sayEmpty, sayMixed},
				Doc: "What clients send: the document's session (two texts, time, exit), texts only, texts and time in turn, texts of 1023, 1024 and 1025 bytes that end in an é, texts of 1500 bytes, bytes that are no text, nothing, or all of that.",
			},
			{Name: "burst", Default: 1, Min: 1, Max: window, Try: []string{"1", "2"}, Doc: "How many texts a client hands to TCP at once before it reads as many answers. The document's waits for each."},
			{Name: "timeout", Default: 10 * time.Second, Min: 20 * time.Millisecond, Max: time.Minute, Try: []string{"100ms", "400ms"}, Doc: "How long a client waits for an answer; the document's waits 10s. The hardened client then asks again."},
		},
		Nodes: func(p lab.Params) []lab.Node {
			return append([]lab.Node{{Name: server, Role: server, Host: server}}, lab.Clients(p.Int("clients"))...)
		},
		Links:   func(p lab.Params) []lab.Link { return lab.ClientLinks(p.Int("clients"), server, port) },
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("messages")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// ok means the same in both variants.
func ok() map[string]string {
	return map[string]string{echo: "the client took a reply for its text's"}
}

// gathering is how long the first text of a burst may wait for the last.
func gathering(p lab.Params) time.Duration {
	return time.Duration(p.Int("burst")-1) * p.Duration("every")
}
