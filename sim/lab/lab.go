// Package lab says what a lab is: a small distributed system that can be run
// with faults between and inside its nodes.
//
// A lab's code touches the world only through its Env. The same code therefore
// runs live (processes, sockets, files) and virtual (one process, a virtual
// clock, an in-memory network, a disk that can lose power).
//
//	System ── Variants: original, naive, hardened
//	   │          └─ Roles: what each node runs
//	   ├─ Nodes   clients are nodes too
//	   └─ Links   client → service; every dial passes one
package lab

import (
	"context"
	"net"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/param"
)

// Params are the values of a lab's parameters.
type Params = param.Values

// System is one lab.
type System struct {
	Name  string // one lower-case word; its folder and its scenarios have it too
	Story string // a paragraph: what it does and what it is there to show

	Params param.List // what a scenario's workload line may set

	// Nodes and Links give the topology for a workload. They must be pure.
	Nodes func(Params) []Node
	Links func(Params) []Link

	// Delivers says that the lab owes delivery: every operation that is invoked
	// must end up in its log, acknowledged or not.
	Delivers bool

	// Reads are the operations that leave no entry of their own in the log:
	// get, greet. A write that changes an entry is one too. A delete need not
	// be named: it never leaves an entry.
	Reads []string
	// Waits says that order is promised only to a client that waits: x stands
	// before y if x was acknowledged before y was invoked. Otherwise the order
	// of the invokes is enough.
	Waits bool

	// Nominal is how long the workload takes when nothing is in its way.
	Nominal func(Params) time.Duration

	Variants []Variant
}

// Node is one process of a lab.
type Node struct {
	Name string // unique in the lab
	Role string // key of Variant.Roles
	// Host is the machine it stands on. Nodes of one host share its disk, its
	// clock and its power.
	Host string
	// Client marks a node that runs a part of the workload. One to which a link
	// leads, a peer, then goes on serving until its context ends: the others may
	// not be done.
	Client bool
	// Person marks a node at which a person can sit in the place of the
	// workload: its role then asks Env.Terminal.
	Person bool
}

// Link is a way from a client to a service. All traffic on it passes a proxy.
type Link struct {
	From, To string // node names
	Port     int    // the documented port of the service
	// Packet says that it carries datagrams (UDP) and not a stream. A sender to
	// many, as in multicast, has such a link to each: they fail one by one.
	Packet bool
	// Group is the multicast group that a sender to many has in the lab's
	// document, with datagrams only. The lab itself sends nothing to it: the copies
	// that a network makes for the group's members are made here, one a link.
	Group string
}

// String gives the link's name, as scenarios write it.
func (l Link) String() string { return l.From + "->" + l.To }

// Variant is one way to build the system: as documented, or so that it holds.
type Variant struct {
	Name    string // original, naive or hardened
	Summary string // one sentence

	// Promises are the properties that it keeps under every fault. They are
	// judged in every run.
	Promises []string

	// Breaks are the properties that some fault is known to make it violate:
	// the property tests must find each.
	Breaks []string

	// OK says for each operation what its ok means.
	OK map[string]string

	// Bound is within what time every operation completes.
	Bound func(Params) time.Duration

	// Roles holds what each node runs. A role returns when its work is done or
	// its context ends; it owns every goroutine it starts.
	Roles map[string]func(context.Context, Env) error

	// ReadBack reads the lab's log as a client or operator would, entry by
	// entry in its order. Each entry becomes a Final event; Source, Seq, ID
	// and Value are set as far as the entry tells them, and Node names its log
	// in a lab that keeps several.
	ReadBack func(context.Context, Observer) ([]history.Event, error)

	// Settled reports that nothing is on its way any more. If nil, a run has
	// settled once its clients are done.
	Settled func(Observer) (bool, error)
}

// Observer looks at a running lab from outside. No fault touches what it does.
type Observer interface {
	Params() Params
	// Disk gives the disk of a host, for reading.
	Disk(host string) Disk
	// Dial connects to a port of a node, past all links.
	Dial(ctx context.Context, node string, port int) (net.Conn, error)
	// DialPacket opens a socket for datagrams to a port of a node, past all
	// links.
	DialPacket(ctx context.Context, node string, port int) (net.Conn, error)
	// Console gives what a node has printed so far, in all its lives.
	Console(node string) []string
}
