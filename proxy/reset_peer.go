package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func resetPeerKind() Kind {
	return Kind{
		Name:   "reset_peer",
		Attrs:  param.List{milliseconds("timeout", "How long after the next chunk. If the fault ends before, the chunk arrives and nothing is reset.")},
		Check:  whole(time.Millisecond, "timeout"),
		Doc:    "The next chunk of a connection is lost, and both ends see a reset.",
		Effect: "bytes or the end of a connection ran into it",
		unit:   time.Millisecond,
		toxic: func(v param.Values) toxics.Toxic {
			r := new(resetPeer)
			r.Timeout.n.Store(v.Duration("timeout").Milliseconds())
			return r
		},
	}
}

// resetPeer is Toxiproxy's toxic of that name, but for two things: connections
// older than the fault are reset as well (Toxiproxy's close in good order,
// which a client takes for an answer that ended), and the wait can be
// interrupted.
type resetPeer struct {
	Timeout attribute `json:"timeout"` // milliseconds
	own
}

// Pipe implements toxics.Toxic.
func (r *resetPeer) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, r) }

func (r *resetPeer) take(f *flow, c *stream.StreamChunk) {
	f.met(c)
	f.put(piece{chunk: c, due: time.Now().Add(r.Timeout.times(time.Millisecond)), reset: true})
}
