package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func blackholeKind() Kind {
	return Kind{
		Name:    "blackhole",
		Doc:     "Connections that are open never carry anything again, not even their end, also after the fault; neither side is told. New ones hang until the fault ends, and work then. Datagrams are all lost until the fault ends.",
		Effect:  "bytes, a datagram or the end of a connection ran into it",
		toxic:   func(param.Values) toxics.Toxic { return new(blackhole) },
		packets: func(param.Values) packetRule { return packetBlackhole{} },
	}
}

// blackhole is what a route that is gone does to connections: who holds one
// open waits until its own deadline, however long the network is well again.
type blackhole struct{ own }

// Pipe implements toxics.Toxic.
func (b *blackhole) Pipe(stub *toxics.ToxicStub) {
	f := stub.State.(*flow)
	f.dead = !f.conn.Fresh
	f.run(stub, b)
}

func (b *blackhole) take(f *flow, c *stream.StreamChunk) {
	f.met(c)
	if !f.dead {
		f.put(piece{chunk: c, held: true})
	}
}

func (b *blackhole) room() int { return manyChunks }

// packetBlackhole ends with its fault: there are no connections to stay dead.
type packetBlackhole struct{}

func (packetBlackhole) take(s *packetStage, _ time.Time, data []byte) {
	s.meet(data)
	s.lose()
}
