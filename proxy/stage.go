package proxy

import (
	"fmt"
	"strconv"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// stage is a toxic of ours.
type stage interface {
	toxics.Toxic
	bind(*Active, stream.Direction)
	flow(Conn) *flow
}

// own is what all toxics of ours share. Toxiproxy makes one out of JSON for
// all connections of a proxy; what belongs to one connection is its flow.
type own struct {
	Use use `json:"use,omitzero"`
}

// use says which fault a toxic is a part of. Its zero value is of none: a
// toxic on a proxy that somebody else made through the control API.
type use struct {
	active    *Active
	direction stream.Direction
}

func (o *own) bind(a *Active, d stream.Direction) { o.Use = use{a, d} }

func (o *own) flow(c Conn) *flow {
	return &flow{active: o.Use.active, direction: o.Use.direction, conn: c, known: true}
}

// NewState begins a connection in Toxiproxy, which does not say which one.
func (o *own) NewState() any {
	a := o.Use.active
	if a == nil {
		f := o.flow(Conn{})
		f.active = newActive(Kind{})
		return f
	}
	f := o.flow(Conn{Fresh: a.inForce.Load(), Gone: a.carrier.gone()})
	f.known = false
	return f
}

// Cleanup lets out what is still held when Toxiproxy takes the toxic away. A
// connection that a blackhole or a drop killed is closed instead: it must not
// carry on in the middle of something.
func (o *own) Cleanup(stub *toxics.ToxicStub) { stub.State.(*flow).flush(stub) }

// room is how many pieces a toxic may hold of a connection; most hand on each
// piece before they take the next chunk.
func (o *own) room() int { return 1 }

// IsZero keeps the number out of all JSON that is written: it is good for
// nothing once the toxic is in place.
func (u use) IsZero() bool { return true }

// UnmarshalJSON finds the fault by its number.
func (u *use) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("use: %s is no number", text)
	}
	var known bool
	if *u, known = uses.find(n); !known {
		return fmt.Errorf("use: no fault is being put in place under number %d", n)
	}
	return nil
}
