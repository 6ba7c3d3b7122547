package lab

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"faultlab/sim/history"
)

// ErrKilled is what a node's Env answers once the node is dead: a goroutine
// that outlived a virtual kill can change nothing.
var ErrKilled = errors.New("node is dead")

// Env is all that a node sees of the world.
//
// Durations (sleeping, deadlines, timers) use package time: in the virtual
// world its clock is the virtual one. Everything else comes from here.
type Env interface {
	// Node tells who this is.
	Node() Node
	// Params are the workload's parameters.
	Params() Params

	// Listen opens the documented port of a service of this node.
	Listen(port int) (net.Listener, error)
	// Dial connects to the service at the end of the link to that node. The
	// connection passes the link's proxy.
	Dial(ctx context.Context, to string) (net.Conn, error)

	// ListenPacket opens the documented port of a service of this node, for
	// datagrams (UDP). The address of one that came in leads back to its sender
	// for as long as that keeps its socket.
	ListenPacket(port int) (net.PacketConn, error)
	// DialPacket opens a socket for datagrams to the service at the end of the
	// link to that node. They pass the link's relay, and so do the answers. As
	// in UDP nobody tells whether anybody listens: a Write reports only a
	// datagram of more than 65,507 bytes (EMSGSIZE) and the end of the node.
	DialPacket(ctx context.Context, to string) (net.Conn, error)

	// Disk is the disk of this node's host.
	Disk() Disk

	// Now is this host's wall clock. It can be wrong: do not measure with it.
	Now() time.Time
	// Rand gives a random source of that name, the same in every replay. A
	// name is drawn from once; two uses of one name get the same numbers.
	Rand(name string) *rand.Rand
	// Usage gives the host's CPU and memory use in percent.
	Usage() (cpu, mem float64)

	// Printf writes a line to the node's console.
	Printf(format string, args ...any)
	// Terminal is that of the person who sits at this node: what they type comes
	// line by line, up to io.EOF when they have done, and what is written shows
	// as it is, a prompt without an end of line, say. Their terminal is also the
	// node's console: Printf and Write show in the order of the calls.
	//
	// It is nil where the workload stands in for people, as in every run. Only
	// a node declared with Person is ever given one. A Read does not end with
	// the role's context, but with the process.
	Terminal() io.ReadWriter
	// Record adds an event to the history; T and Node are filled in. It
	// returns once every fault that waits for this event is in force.
	Record(history.Event)

	// Invoked is how many operations this node had invoked before it was last
	// started. A client goes on with the next one and repeats none.
	Invoked() int64
	// AwaitHeal says that this client's workload is done, and waits until all
	// faults are over. What the client invokes then is a probe: it must
	// succeed.
	AwaitHeal(ctx context.Context) error

	// Overloaded reports that this node has no capacity for a request right
	// now. A service asks before it handles one, and turns it away as an
	// overloaded server does (503, RESOURCE_EXHAUSTED).
	Overloaded() bool
}
