// Package live runs a lab for real: every node is an operating-system process,
// every link a TCP connection through an embedded Toxiproxy, every disk a
// folder of files.
//
//	Run ─┬─ node ── node ── node      this binary, executed again
//	     ├─ proxy   (one a link)      in this process
//	     └─ folder  (one a host)      under one temporary root
//
// Nothing outlives a run: not a process, not a port, not a file.
package live

import (
	"io"
	"net"
)

// Options tell the live world what it may use.
type Options struct {
	// Temp is the folder in which each run makes one of its own and removes
	// it; "" is the system's.
	Temp string
	// Disks is the folder in which the hosts' disks are, and stay; "" is that of
	// the run. One run at a time uses it.
	Disks string
	// API is where Toxiproxy's control API listens while a run is on, a
	// loopback address; "" is nowhere. It serves one run at a time.
	API string
	// AnyAPI lets the control API listen on any free port where API is taken.
	AnyAPI bool
	// Notice is told, once each, what a person should know of how this machine
	// runs labs, such as a documented port that was taken. It may be nil.
	Notice func(string)
}

// Service is what people get who are served a lab.
type Service struct {
	Options
	// Ports tells where on 127.0.0.1 to find a documented port that is not in
	// it; 0 is any free one.
	Ports map[int]int
	// Group is the network on which the nodes hear the documented multicast
	// group; nil: it is stood in for by a port of 127.0.0.1.
	Group *net.Interface
	// As is the one node that runs, with a person at it; "": all that are no
	// clients run, and nobody sits there. The end of that node is the end of the
	// service.
	As string
	// In is what the person types, Out what they see of their node, and To tells
	// where each node is that theirs dials.
	In  io.Reader
	Out io.Writer
	To  map[string]string
	// Up is told once, when all nodes are ready: where each proxy listens, and
	// the control API ("": there is no proxy, and none). Where a person sits it
	// is told before their node starts, which has the terminal from then on.
	Up func(places []Place, api string)
	// Print is told each line of a node's console, unless it went to the
	// person's terminal, and Ended that a node ended by itself: it is not started
	// again. All three are called one at a time.
	Print func(node, line string)
	Ended func(node, how string)
}

// Place is where a proxy listens, or a relay, which carries datagrams.
type Place struct {
	Proxy, Addr string
	Packet      bool
}
