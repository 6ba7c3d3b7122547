package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

// manyChunks may be on their way at once where a fault holds them; a writer
// that is further ahead is blocked, as it is by a full window.
const manyChunks = 1024

func latencyKind() Kind {
	return Kind{
		Name: "latency",
		Attrs: param.List{
			required(milliseconds("latency", "How much later each chunk arrives.")),
			milliseconds("jitter", "How much more or less than the latency a chunk may take; drawn for each chunk."),
		},
		Check:  whole(time.Millisecond, "latency", "jitter"),
		Doc:    "Bytes arrive later, in order. What is on its way when the fault ends arrives at once.",
		Effect: "bytes ran into it",
		unit:   time.Millisecond,
		toxic: func(v param.Values) toxics.Toxic {
			l := new(latency)
			l.Latency.n.Store(v.Duration("latency").Milliseconds())
			l.Jitter.n.Store(v.Duration("jitter").Milliseconds())
			return l
		},
	}
}

// latency is Toxiproxy's toxic of that name, but for three things: its jitter
// is drawn from the fault's seed, it does not let chunks out early when
// another fault begins or ends, and it needs no buffered channel before it.
type latency struct {
	Latency attribute `json:"latency"` // milliseconds
	Jitter  attribute `json:"jitter"`  // milliseconds
	own
}

// Pipe implements toxics.Toxic.
func (l *latency) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, l) }

func (l *latency) take(f *flow, c *stream.StreamChunk) {
	if c == nil { // it follows the last byte, without a delay of its own
		f.put(piece{})
		return
	}
	f.met(c)
	delay := l.Latency.times(time.Millisecond)
	if jitter := l.Jitter.times(time.Millisecond); jitter > 0 {
		delay += time.Duration(f.draw(2*uint64(jitter)+1)) - jitter
	}
	since := c.Timestamp
	if since.IsZero() {
		since = time.Now()
	}
	f.put(piece{chunk: c, due: since.Add(delay)})
}

func (l *latency) room() int { return manyChunks }
