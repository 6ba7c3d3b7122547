package proxy

import (
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// meeting is what it takes to have met one of Toxiproxy's own toxics.
type meeting int

const (
	byChunk meeting = iota // a chunk runs into it
	byBeing                // it meets every connection there is, even an idle one
)

// meter counts what runs into the toxic behind it, which is one of
// Toxiproxy's own and does not count. It changes nothing.
type meter struct{ own }

// Pipe implements toxics.Toxic.
func (m *meter) Pipe(stub *toxics.ToxicStub) {
	f := stub.State.(*flow)
	if !f.identified(stub) {
		return
	}
	if f.active.kind.meets == byBeing {
		f.met(nil)
	}
	f.run(stub, m)
}

func (m *meter) take(f *flow, c *stream.StreamChunk) {
	if c != nil {
		f.met(c)
	}
	f.put(piece{chunk: c})
}
