// Package userservice is the lab of streams: a user service with the four kinds
// of gRPC calls, and what becomes of each when it breaks half-way.
//
//	client  ─┐            GetUser      one request, one answer
//	client2 ─┼─gRPC──→ server  GetUsers     a stream of users down
//	client3 ─┘            CreateUsers  a stream of users up
//	                      Chat         both ways
//
// It follows the gRPC example of a survey of network protocols, the classes
// UserService, GRPCServer, GRPCClient and AdvancedGRPCClient, which the comments
// name.
package userservice

import (
	"slices"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port   = 50051 // of the server (GRPCServer)
	server = "server"
	core   = "core" // the server's machine
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "userservice",
		Story: "Clients fetch, list and create users, and chat, over gRPC: a single call, a stream down, a stream up and both. " +
			"It shows what is left of a stream that breaks half-way, that gRPC orders within one stream only, and what " +
			"an open stream holds on to: a worker, a lock, the other clients.",
		Params: param.List{
			{Name: "clients", Default: 2, Min: 1, Max: 4, Try: []string{"1", "2", "3"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "operations", Default: 12, Min: 1, Max: 10000, Try: []string{"4", "10"}, Doc: "How many operations each client asks for; each user of a batch is one, and so is each message."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "20ms"}, Doc: "The rest of a client before each call or message; the document's is 1s."},
			{Name: "ops", Default: mixed, OneOf: []string{mixed, people, create, chat}, Try: []string{mixed, people, create, chat}, Doc: "What clients ask for: CreateUsers only, Chat only, GetUser and GetUsers and CreateUsers, or all of that."},
			{Name: "batch", Default: 3, Min: 1, Max: mostUsers, Try: []string{"1", "4"}, Doc: "How many users are created at once; the document's are David, Eve and Frank."},
			{Name: "limit", Default: 3, Try: []string{"0", "3"}, Doc: "How many users a client asks for in GetUsers; 0: all. The document's asks for 3."},
			{Name: "size", Default: 0, Max: longestMessage / 2, Doc: "How many bytes a chat message has at least."},
			{Name: "list_pace", Default: 500 * time.Millisecond, Max: 10 * time.Minute, Try: []string{"0s", "3ms"}, Doc: "How long the server takes for each user of GetUsers; the document's takes 500ms."},
			{Name: "create_pace", Default: 200 * time.Millisecond, Max: time.Minute, Try: []string{"0s", "20ms"}, Doc: "How long the server takes for each user of CreateUsers; the document's takes 200ms."},
			{Name: "deadline", Default: 3 * time.Second, Min: 10 * time.Millisecond, Max: time.Minute, Try: []string{"200ms", "500ms"}, Doc: "How long a call may take, beside the server's pace; the document's 3s are for GetUser only, its streams may take for ever."},
			{Name: "attempts", Default: 3, Min: 1, Max: 100, Doc: "How often a client asks before it gives up. The document's asks once, and so does original."},
			{Name: "chat_wait", Default: 6 * time.Second, Min: 10 * time.Millisecond, Max: time.Minute, Try: []string{"200ms"}, Doc: "How long a client of the document waits for the answer to a message; its chat is over after 6s."},
			{Name: "watches", Default: 0, Max: 100, Try: []string{"0", "2"}, Doc: "How many health watches each client holds open besides."},
			{Name: "watch", Default: 5 * time.Second, Min: time.Millisecond, Max: time.Minute, Try: []string{"20ms"}, Doc: "The time between two answers of a health watch; the document's is 5s."},
			{Name: "keepalive", Default: 10 * time.Second, Min: 10 * time.Second, Max: time.Hour, Doc: "How long a connection may be silent before an end of it asks whether the other is there; the document's is 10s, and less gRPC does not do."},
			{Name: "workers", Default: 10, Min: 1, Max: 1000, Doc: "How many calls the server handles at a time; the document's handles 10."},
		},
		Nodes:   nodes,
		Links:   links,
		Reads:   []string{get, list},
		Waits:   true,
		Nominal: nominal,
		Variants: []lab.Variant{
			original(),
			naive(),
			hardened(),
		},
	}
}

func nodes(p lab.Params) []lab.Node {
	return append([]lab.Node{{Name: server, Role: "server", Host: core}}, lab.Clients(p.Int("clients"))...)
}

func links(p lab.Params) []lab.Link { return lab.ClientLinks(p.Int("clients"), server, port) }

// members are those who chat.
func members(p lab.Params) []string {
	var all []string
	for _, n := range lab.Clients(p.Int("clients")) {
		all = append(all, n.Name)
	}
	return all
}

// The operations, which are also values of ops.
const (
	get    = "get"
	list   = "list"
	create = "create"
	chat   = "chat"

	mixed  = "mixed"
	people = "users"
)

// kinds are the operations that a client asks for. The last of them is its
// probe.
func kinds(p lab.Params) []string {
	switch ops := p.String("ops"); ops {
	case mixed:
		return []string{create, get, list, chat}
	case people:
		return []string{get, list, create}
	default:
		return []string{ops}
	}
}

// chats reports whether clients chat at all.
func chats(p lab.Params) bool { return slices.Contains(kinds(p), chat) }

// ok is what it means to all variants, but for chat.
func ok(chatted string) map[string]string {
	return map[string]string{
		get:    "the status is OK: the user came",
		list:   "the status is OK: the stream of users came to its end",
		create: "the status is OK: the server has created the whole batch",
		chat:   chatted,
	}
}

// listed is how many users a list has at most.
func listed(p lab.Params) int {
	if limit := p.Int("limit"); limit > 0 {
		return limit
	}
	return len(given) + p.Int("clients")*(p.Int("operations")+p.Int("batch"))
}

// work is how long the server takes for the longest call when nothing is in
// its way.
func work(p lab.Params) time.Duration {
	return max(time.Duration(listed(p))*p.Duration("list_pace"), time.Duration(p.Int("batch"))*p.Duration("create_pace"))
}

func nominal(p lab.Params) time.Duration {
	return time.Duration(p.Int("operations")) * (p.Duration("every") + work(p))
}

// rest is how long a client waits before it tries again.
const rest = 20 * time.Millisecond

// patience is how long a client keeps trying.
func patience(p lab.Params) time.Duration {
	return time.Duration(p.Int("attempts")) * (p.Duration("deadline") + work(p) + rest)
}

// bound is within what time an operation completes: longer than it takes a
// client to give up.
func bound(p lab.Params) time.Duration {
	waits := time.Duration(p.Int("attempts")) * (p.Duration("chat_wait") + rest)
	return max(patience(p), waits) + time.Second
}
