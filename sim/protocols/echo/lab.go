// Package echo is a server that sends back what it is sent, over TCP, UDP,
// HTTP/1.1 and gRPC, and a client that asks it in the ways in which the four
// differ. It is the lab behind the measured comparison of protocols; no fault
// is to break it, and so it stands in no list of labs.
//
//	client ──protocol──→ server
//	play                 log, if asked for
//
// What differs between the protocols is theirs: each is spoken by the library
// that everybody uses for it.
package echo

import (
	"context"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

// Name is the system's, as its scripts write it.
const Name = "protocols"

const (
	port   = 9000
	server = "server"
	client = "client"
)

// The plays of the client.
const (
	Ask    = "ask"    // messages, each with its answer
	Tell   = "tell"   // messages that nobody answers
	Beside = "beside" // a quick question beside one that takes its time
	Flood  = "flood"  // bytes for a server that has stopped reading, until no more go
	Push   = "push"   // nothing but listening
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name:  Name,
		Story: "A client sends messages to a server over one of four protocols, and the server sends them back. It is there to be measured.",
		Params: param.List{
			{Name: "protocol", Default: "tcp", OneOf: []string{"tcp", "udp", "http", "grpc"}, Doc: "What client and server speak."},
			{Name: "play", Default: Ask, OneOf: []string{Ask, Tell, Beside, Flood, Push}, Doc: "What the client does."},
			{Name: "messages", Default: 100, Min: 1, Max: 100000, Doc: "How many messages are sent."},
			{Name: "every", Default: time.Duration(0), Max: time.Minute, Doc: "The time between two of them."},
			{Name: "size", Default: 32, Min: 24, Max: 60000, Doc: "Bytes of a message."},
			{Name: "wait", Default: true, Doc: "The client waits for an answer before it asks again."},
			{Name: "fresh", Default: false, Doc: "Each message has a connection of its own."},
			{Name: "framed", Default: true, Doc: "TCP only: each message has its length before it. Else one read is taken for one message, as document 001 does."},
			{Name: "handshake", Default: false, Doc: "The three segments of TCP's handshake cross the link before a connection can be used. A proxy accepts at once, and hides them."},
			{Name: "log", Default: false, Doc: "The server keeps what it is sent on its disk."},
			{Name: "work", Default: 100 * time.Millisecond, Max: time.Minute, Doc: "How long the server takes over a slow question, or does not read datagrams in a flood."},
			{Name: "patience", Default: time.Second, Min: time.Millisecond, Max: time.Minute, Doc: "How long the client waits for one answer."},
			{Name: "connections", Default: 1, Min: 1, Max: 64, Doc: "How many connections a flood fills, at once."},
			{Name: "meanwhile", Default: false, Doc: "When a flood is stopped, a question is asked over the same connection."},
			{Name: "asked", Default: true, Doc: "The client of a push asks for it once."},
		},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{{Name: server, Role: server, Host: server}, {Name: client, Role: client, Host: client, Client: true}}
		},
		Links: func(p lab.Params) []lab.Link {
			return []lab.Link{{From: client, To: server, Port: port, Packet: p.String("protocol") == "udp"}}
		},
		Reads:   []string{Flood, Push},
		Nominal: nominal,
		Variants: []lab.Variant{{
			Name:     "measured",
			Summary:  "As its protocol's library has it.",
			OK:       map[string]string{Ask: "the answer came", Tell: "the protocol took the message without an error"},
			Bound:    func(p lab.Params) time.Duration { return 2 * p.Duration("patience") },
			Roles:    map[string]func(context.Context, lab.Env) error{server: serve, client: play},
			ReadBack: readBack,
		}},
	}
}

// nominal leaves out what a quick question takes: a run ends with its client.
func nominal(p lab.Params) time.Duration {
	each := p.Duration("every")
	if p.String("play") == Beside {
		each += 2 * p.Duration("work")
	}
	return time.Duration(p.Int("messages"))*each + p.Duration("work") + 2*p.Duration("patience")
}

// protocol is how client and server talk.
type protocol interface {
	// serve answers until ctx ends.
	serve(ctx context.Context, env lab.Env, d desk) error
	// dial makes a channel to the server: one connection, where there are any.
	dial(ctx context.Context, env lab.Env) (channel, error)
}

// channel is a client's way to the server.
type channel interface {
	// ask sends a message and waits for its answer.
	ask(ctx context.Context, m message) error
	close()
}

func protocolOf(p lab.Params) protocol {
	switch p.String("protocol") {
	case "udp":
		return udp{}
	case "http":
		return web1{}
	case "grpc":
		return grpc2{}
	}
	return tcp{framed: p.Bool("framed")}
}

func serve(ctx context.Context, env lab.Env) error {
	if env.Params().Bool("handshake") {
		env = handshaking{env}
	}
	return protocolOf(env.Params()).serve(ctx, env, desk{env})
}
