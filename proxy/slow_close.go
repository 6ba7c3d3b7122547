package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func slowCloseKind() Kind {
	return Kind{
		Name:   "slow_close",
		Attrs:  param.List{required(milliseconds("delay", "How much later the end of a connection is passed on."))},
		Check:  whole(time.Millisecond, "delay"),
		Doc:    "The end of a connection arrives late; its bytes do not.",
		Effect: "a connection ended",
		unit:   time.Millisecond,
		toxic: func(v param.Values) toxics.Toxic {
			s := new(slowClose)
			s.Delay.n.Store(v.Duration("delay").Milliseconds())
			return s
		},
	}
}

// slowClose is Toxiproxy's toxic of that name, but that it can be interrupted
// while the next toxic takes nothing: see bandwidth.
type slowClose struct {
	Delay attribute `json:"delay"` // milliseconds
	own
}

// Pipe implements toxics.Toxic.
func (s *slowClose) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, s) }

func (s *slowClose) take(f *flow, c *stream.StreamChunk) {
	if c != nil {
		f.put(piece{chunk: c})
		return
	}
	f.met(nil)
	f.put(piece{due: time.Now().Add(s.Delay.times(time.Millisecond))})
}
