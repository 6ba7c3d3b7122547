package proxy

import (
	"errors"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"

	"faultlab/sim/param"
)

// Toxiproxy knows no datagrams. A relay stands in for it, and faults with its
// names act on them, each written once for both worlds:
//
//	Send ─▶ stage ─▶ stage ─▶ out     a Lane: one client, one direction
//
// A fault on datagrams is a rule: told a datagram and the time, it says what
// leaves and when. It knows neither clock nor socket.

// MaxDatagram is the most bytes that one datagram of UDP over IPv4 can carry.
const MaxDatagram = 65507

// How much a fault may hold of one client in one direction. What comes beyond
// is lost, as in the queue of a router: a sender of datagrams cannot be slowed.
const (
	manyDatagrams = 4096
	manyBytes     = 16 << 20
)

// spacing is the time between two datagrams that the end of a fault lets go.
// In one burst, a few hundred of them overflow the receive buffer of a socket.
const spacing = 20 * time.Microsecond

// packetRule is what makes one fault on datagrams different from the next. One
// stage of one lane has it for its own, so that it may keep what it needs.
type packetRule interface {
	// take decides on a datagram that comes in at a time while the fault is in
	// force. What it does not put on its way, it loses.
	take(s *packetStage, at time.Time, data []byte)
}

// Streams reports whether the fault can act on a link that carries streams.
func (k Kind) Streams() bool { return k.toxic != nil || k.Whole }

// Packets reports whether the fault can act on a link that carries datagrams.
func (k Kind) Packets() bool { return k.packets != nil || k.Whole }

// PreparePackets makes a fault ready for use on a link that carries datagrams,
// or says what is wrong with it.
func PreparePackets(f Fault) (*Active, error) {
	a, err := prepare(f)
	if err == nil && !a.kind.Packets() {
		err = errors.New(a.kind.Name + " acts on streams, and this link carries datagrams")
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// acts reports whether the fault is one of that direction.
func (a *Active) acts(d stream.Direction) bool {
	return d == stream.Upstream && a.fault.Upstream || d == stream.Downstream && a.fault.Downstream
}

// Lost tells that down swallowed so many datagrams, of so many bytes together.
func (a *Active) Lost(datagrams, bytes int) {
	a.datagrams.Add(int64(datagrams))
	a.bytes.Add(int64(bytes))
	a.lost.Add(int64(datagrams))
}

// probability is the attribute of the faults that do not touch every datagram.
func probability(doc string) param.Param {
	return param.Param{Name: "probability", Default: 100, Required: true, Min: 1, Max: 100, Doc: doc + " In percent, drawn for each."}
}

// positive declares a count from 1.
func positive(name string, standard, most int, doc string) param.Param {
	return param.Param{Name: name, Default: standard, Min: 1, Max: most, Doc: doc}
}
