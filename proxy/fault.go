// Package proxy holds the link faults, one file each, and the embedded
// Toxiproxy that puts them on real TCP connections.
//
//	client ── proxy ── service
//	            │
//	   toxic → toxic → toxic     upstream: client → service
//	   toxic ← toxic ← toxic     downstream: service → client
//
// A fault is a toxics.Toxic: the same value works in Toxiproxy's own chain
// (live) and in a chain of toxics.ToxicStub that the virtual network builds.
package proxy

import "faultlab/sim/param"

// Kind declares a link fault.
type Kind struct {
	Name  string
	Attrs param.List
	Check func(param.Values) error // what no single attribute can tell; may be nil
	Doc   string
}

// Fault is one use of a Kind on one link.
type Fault struct {
	Kind       string
	Upstream   bool // it acts on client → service
	Downstream bool // it acts on service → client
	Values     param.Values
	Seed       uint64 // all its draws are hashes of this, the connection and a count
}

// Effect is what a fault met while it was in force.
type Effect struct {
	Connections int64 // connections it touched
	Chunks      int64 // reads of up to 32 KB that ran into it
	Bytes       int64
	Refused     int64 // dials that it refused
}
