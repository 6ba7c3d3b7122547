package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func dropKind() Kind {
	return Kind{
		Name:    "drop",
		Doc:     "Connections that are open carry no byte any more in that direction until they end; their end is passed on. New ones are not touched. Of datagrams, the next one is lost, and no other.",
		Effect:  "bytes or a datagram ran into it",
		toxic:   func(param.Values) toxics.Toxic { return new(drop) },
		packets: func(param.Values) packetRule { return packetDrop{} },
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

// packetDrop loses one datagram of the link, whoever sent it. At the trigger
// `when client sends`, that is the one which the client is about to send.
type packetDrop struct{}

func (packetDrop) take(s *packetStage, at time.Time, data []byte) {
	if s.active.spent.Swap(true) {
		s.pass(at, data)
		return
	}
	s.meet(data)
	s.lose()
}
