package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

// Hold is the name of the fault that is a partition which heals.
const Hold = "hold"

func holdKind() Kind {
	return Kind{
		Name:    Hold,
		Doc:     "Nothing passes and nothing is lost: bytes, and the ends of connections, all arrive in order when the fault ends. So do datagrams, of each client up to 4096 and 16 MB.",
		Effect:  "bytes, a datagram or the end of a connection ran into it",
		toxic:   func(param.Values) toxics.Toxic { return new(hold) },
		packets: func(param.Values) packetRule { return packetHold{} },
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

type packetHold struct{}

func (packetHold) take(s *packetStage, _ time.Time, data []byte) {
	s.meet(data)
	s.put(waiting{data: data, due: never})
}
