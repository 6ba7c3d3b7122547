// Package world runs a scenario against a variant of a lab and judges what
// came of it. Run is the life of one run; it is the same for both worlds.
//
//	scenario ─┐
//	variant  ─┼─ Run ── Cluster (live: processes │ virtual: goroutines)
//	seed     ─┘   └──── history → checkers → Result
package world

import (
	"context"
	"errors"
	"net"
	"time"

	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// World is a place where labs can run.
type World interface {
	Name() string // live or virtual
	// Run sets up spec's cluster with no node started, calls drive, and takes
	// everything down again, whatever happens: nothing is left running. drive
	// is called in the world's own time (package time tells it). The error is
	// of the world itself: it could not be set up, it hung, a lab panicked.
	Run(ctx context.Context, spec Spec, hooks Hooks, drive func(context.Context, Cluster)) error
}

// ErrGrace is wrapped by the error of a Stop that had to kill.
var ErrGrace = errors.New("it did not end in time after SIGTERM and was killed")

// Spec is what to run.
type Spec struct {
	System   *lab.System
	Variant  *lab.Variant
	Scenario *scenarios.Scenario
	Seed     uint64
	// Explored marks a generated script: a fault that met nothing, or a trigger
	// that was not reached, is no mistake of its author and only counted.
	Explored bool
	// Tell, if not nil, is told of each event as it comes, from any goroutine:
	// all but the log at the end. It must not wait, since a node may.
	Tell func(history.Event)
}

// Cluster is a lab while it runs. Its methods do one thing at once each; Run
// decides what and when. They may be called from any goroutine, also out of
// Hooks.Record.
type Cluster interface {
	// Params, Disk, Dial and DialPacket are those of a lab.Observer.
	Params() lab.Params
	Disk(host string) lab.Disk
	Dial(ctx context.Context, node string, port int) (net.Conn, error)
	DialPacket(ctx context.Context, node string, port int) (net.Conn, error)

	// Elapsed is the time since the start of the run.
	Elapsed() time.Duration

	// Start starts a node, for the first time or again, and returns when all
	// ports that links lead to are open. The links that lead to it are still
	// as they were: Run opens them.
	Start(ctx context.Context, node string, boot Boot) error
	// Kill ends a node at once (SIGKILL). What it wrote to its disk stays.
	Kill(node string) error
	// Stop asks a node to end (SIGTERM) and waits; one that does not end
	// within the grace is killed, and the error wraps ErrGrace; one that a tear
	// takes down in an append of its ending, lab.ErrKilled.
	Stop(ctx context.Context, node string, grace time.Duration) error
	// Pause and Resume stop and continue a node (SIGSTOP, SIGCONT).
	Pause(node string) error
	Resume(node string) error
	// PowerCut drops what a host's disk had not synced and returns how many
	// bytes that were. With torn, a drawn part of unsynced appends stays. Its
	// nodes are dead already.
	PowerCut(host string, torn bool) (lost int, err error)

	// Open lets a link carry connections; Close closes those it has, and
	// refuses new ones until it is opened again. A link for datagrams loses
	// them instead while it is closed. Links start closed.
	Open(ctx context.Context, link string) error
	Close(ctx context.Context, link string) error
	// Inject puts a fault on a link. It returns when the fault is in force.
	Inject(ctx context.Context, link string, f proxy.Fault) (LinkFault, error)

	// SetInside puts a fault inside a running node, ClearInside ends it. Both
	// return when it is so. On a node that is down they do nothing: its next
	// Boot tells.
	SetInside(node string, f InsideFault) error
	ClearInside(node string, id int) error

	// Unwatch tells a node that no trigger waits for this kind any more.
	Unwatch(node string, kind history.Kind)
	// HealAll tells all clients that the faults are over.
	HealAll()

	// Idle reports whether every node waits for something. On a machine that has
	// much else to do, one that could go on but has not got round to it shows
	// nothing, just like one that is done. Where the system does not tell, it is
	// true.
	Idle() bool
}

// LinkFault is a fault in force on a link.
type LinkFault interface {
	// Heal ends it and tells what it met. It is called once.
	Heal(ctx context.Context) (proxy.Effect, error)
}

// Boot is what a node is told when it starts.
type Boot struct {
	Incarnation int            // from 1
	Invoked     int64          // operations that it invoked in earlier lives
	Inside      []InsideFault  // faults that are in force inside it
	Watch       []history.Kind // kinds for which Record must wait
	Healed      bool           // all faults are over
}

// Hooks is what a cluster reports to Run. Its methods may be called from many
// goroutines at once.
type Hooks interface {
	// Record takes an event, stamped with T and Node. It returns when every
	// fault that waits for this event is in force; a live node whose kind is
	// watched is held back that long.
	Record(e history.Event)
	// Exited tells that a node ended without having been killed or stopped:
	// its role returned (err nil), failed, or a tear took it down (err
	// lab.ErrKilled).
	Exited(node string, err error)
	// Waiting tells that a client is done with its workload and awaits the heal.
	Waiting(node string)
	// Met tells that an inside fault met its target once.
	Met(node string, id int)
	// Refused tells that a dial on a link was refused because it is closed.
	Refused(link string)
}
