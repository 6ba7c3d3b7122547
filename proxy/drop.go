package proxy

import (
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func dropKind() Kind {
	return Kind{
		Name:   "drop",
		Doc:    "Connections that are open carry no byte any more in that direction until they end; their end is passed on. New ones are not touched.",
		Effect: "bytes ran into it",
		toxic:  func(param.Values) toxics.Toxic { return new(drop) },
	}
}

// drop is a lost message on a stream. A stream that lost bytes cannot go on
// with the next message: the receiver would read the middle of something.
type drop struct{ own }

// Pipe implements toxics.Toxic.
func (d *drop) Pipe(stub *toxics.ToxicStub) {
	f := stub.State.(*flow)
	f.dead = !f.conn.Fresh
	f.run(stub, d)
}

func (d *drop) take(f *flow, c *stream.StreamChunk) {
	if c == nil || !f.dead {
		f.put(piece{chunk: c})
		return
	}
	f.met(c)
}
