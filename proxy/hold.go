package proxy

import (
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

// Hold is the name of the fault that is a partition which heals.
const Hold = "hold"

func holdKind() Kind {
	return Kind{
		Name:   Hold,
		Doc:    "Nothing passes and nothing is lost: bytes, and the ends of connections, all arrive in order when the fault ends.",
		Effect: "bytes or the end of a connection ran into it",
		toxic:  func(param.Values) toxics.Toxic { return new(hold) },
	}
}

type hold struct{ own }

// Pipe implements toxics.Toxic.
func (h *hold) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, h) }

func (h *hold) take(f *flow, c *stream.StreamChunk) {
	f.met(c)
	f.put(piece{chunk: c, held: true})
}

func (h *hold) room() int { return manyChunks }
