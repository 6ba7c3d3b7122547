// Package proxy holds the link faults, one file each, the embedded Toxiproxy
// that puts them on real TCP connections, and a relay that puts them on UDP.
//
//	client ── proxy ── service
//	            │
//	   toxic → toxic → toxic     upstream: client → service
//	   toxic ← toxic ← toxic     downstream: service → client
//
// A fault is a toxics.Toxic: the same value works in Toxiproxy's own chain
// (live) and in a chain of toxics.ToxicStub that the virtual network builds.
//
// Importing the package replaces five of Toxiproxy's toxics in its registry
// (latency, slicer, reset_peer, bandwidth, slow_close): its own draw from the
// global random source, or cannot be interrupted.
package proxy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

// Kind declares a link fault.
type Kind struct {
	Name   string
	Attrs  param.List
	Check  func(param.Values) error // what no single attribute can tell; may be nil
	Doc    string
	Effect string // what counts as having met its target
	Whole  bool   // it acts on the link as a whole: a direction makes no sense

	OnlyPackets []string // attributes that mean nothing on a stream

	unit  time.Duration // of a duration in Toxiproxy's JSON; 0: it has none
	meets meeting       // what the meter before one of Toxiproxy's own toxics counts
	toxic func(param.Values) toxics.Toxic

	packets func(param.Values) packetRule // what it does to datagrams; nil: it knows none
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

	Datagrams  int64 // that ran into it, and what became of them:
	Lost       int64
	Duplicated int64 // copies that it made
	Reordered  int64 // overtaken by others
	Corrupted  int64
	Truncated  int64
}

// Kinds lists all link faults, by name.
func Kinds() []Kind {
	kinds := []Kind{
		bandwidthKind(), blackholeKind(), downKind(), dropKind(), holdKind(), latencyKind(),
		limitDataKind(), resetPeerKind(), slicerKind(), slowCloseKind(), timeoutKind(),
		corruptKind(), duplicateKind(), lossKind(), reorderKind(), truncateKind(), // on datagrams alone
	}
	slices.SortFunc(kinds, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
	return kinds
}

// kindOf finds a Kind by its name.
func kindOf(name string) (Kind, error) {
	kinds := Kinds()
	names := make([]string, len(kinds))
	for i, k := range kinds {
		if k.Name == name {
			return k, nil
		}
		names[i] = k.Name
	}
	return Kind{}, fmt.Errorf("unknown link fault %q; known are %s", name, strings.Join(names, ", "))
}

// parse reads attributes as written, and checks all that can be wrong with
// them: what passes cannot crash a toxic.
func (k Kind) parse(text map[string]string) (param.Values, error) {
	v, err := k.Attrs.Parse(text)
	if err == nil && k.Check != nil {
		err = k.Check(v)
	}
	return v, err
}
