// Package users is the lab of a request that may be made twice: clients
// create, read, change and delete users over a REST interface.
//
//	client  ─┐
//	client2 ─┼─HTTP──→ server   GET, POST, PUT, DELETE /api/users
//	client3 ─┘                  (memory; hardened: a journal)
//
// It follows the REST example of a survey of network protocols, the classes
// RESTAPIHandler, ThreadedHTTPServer and HTTPClientExample, which the comments
// name.
package users

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port   = 8080 // of the server (ThreadedHTTPServer)
	server = "server"
	core   = "core" // the server's machine

	collection = "/api/users"
	health     = "/api/health"
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "users",
		Story: "Clients create, read, change and delete users over a REST interface. It shows what becomes of a request " +
			"whose answer is lost: made again it makes a second user, and an old one that arrives late overwrites a " +
			"newer one. The server keeps everything in memory, serves one connection at a time, and has a counter that " +
			"does not count.",
		Params: param.List{
			{Name: "clients", Default: 1, Min: 1, Max: 4, Try: []string{"1", "2", "4"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "operations", Default: 12, Min: 1, Max: 10000, Try: []string{"3", "8", "25"}, Doc: "How many operations each client asks for."},
			{Name: "every", Default: 100 * time.Millisecond, Try: []string{"0s", "5ms", "20ms"}, Doc: "The time between two operations of a client. The document's client does not rest."},
			{Name: "ops", Default: "mixed", OneOf: []string{"mixed", "create", "update"}, Try: []string{"mixed", "create", "update"}, Doc: "What clients ask for: users created only, one shared user written and read in turn, or all of that and deletes."},
			{Name: "deadline", Default: 500 * time.Millisecond, Min: 10 * time.Millisecond, Max: 5 * time.Second, Try: []string{"100ms", "500ms"}, Doc: "How long a client waits for one answer. The document's waits for ever, and so does original."},
			{Name: "attempts", Default: 5, Min: 1, Max: 20, Doc: "How often a client makes a request before it gives up. The document's makes it once, and so does original."},
		},
		Nodes:   nodes,
		Links:   links,
		Reads:   []string{opRead, opWrite},
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("operations")) * p.Duration("every") },
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

// clientNumber is the i of a clientNode.
func clientNumber(node string) int {
	i, err := strconv.Atoi(strings.TrimPrefix(node, "client"))
	if err != nil {
		return 0
	}
	return i - 1
}

// ok is what it means to all variants.
func ok() map[string]string {
	return map[string]string{
		opCreate: "the answer is 201, with the user's id",
		opRead:   "the answer is 200, with the user, or 404: there is none of that id",
		opWrite:  "the answer is 200, with the user as it is now",
		opDelete: "the answer is 200",
	}
}

// given are the users that are there from the start (RESTAPIHandler.users).
var given = [...]struct {
	id          int
	name, email string
	age         int
}{
	{1, "Alice", "alice@example.com", 30},
	{2, "Bob", "bob@example.com", 25},
	{3, "Charlie", "charlie@example.com", 35},
}

// shared is the user that all clients write and read: Alice. Nobody deletes
// her, so that every request about her can succeed.
const shared = 1

// email tells whose operation made a user.
func email(source string, seq int64) string { return fmt.Sprintf("%s.%d@example.com", source, seq) }

// madeBy reads an email back. That of a given user tells nobody.
func madeBy(address string) (source string, seq int64) {
	name, _ := strings.CutSuffix(address, "@example.com")
	source, number, _ := strings.Cut(name, ".")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || email(source, seq) != address {
		return "", 0
	}
	return source, seq
}

// age is what an operation makes a user's age. It is no other's, so that who
// reads it knows whose it is; nor that of a given user.
func age(source string, seq int64) int { return 100*int(seq) + clientNumber(source) }
