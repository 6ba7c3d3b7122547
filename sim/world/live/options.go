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

// Options tell the live world what it may use.
type Options struct {
	// Temp is the folder in which each run makes one of its own and removes
	// it; "" is the system's.
	Temp string
	// API is where Toxiproxy's control API listens while a run is on, a
	// loopback address; "" is nowhere. It serves one run at a time.
	API string
	// Notice is told, once each, what a person should know of how this machine
	// runs labs, such as a documented port that was taken. It may be nil.
	Notice func(string)
}
