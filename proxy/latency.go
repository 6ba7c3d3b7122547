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
		Doc:    "Bytes and datagrams arrive later, in order: one that is late makes those behind it late too. What is on its way when the fault ends arrives at once.",
		Effect: "bytes or a datagram ran into it",
		unit:   time.Millisecond,
		toxic: func(v param.Values) toxics.Toxic {
			l := new(latency)
			l.Latency.n.Store(v.Duration("latency").Milliseconds())
			l.Jitter.n.Store(v.Duration("jitter").Milliseconds())
			return l
		},
		packets: func(v param.Values) packetRule {
			return packetLatency{v.Duration("latency"), v.Duration("jitter")}
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

// packetLatency keeps the order, as the queue of a slow way does. For another
// order there is reorder: a script then says that it means it.
type packetLatency struct{ latency, jitter time.Duration }

func (l packetLatency) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	delay := l.latency
	if l.jitter > 0 {
		delay += time.Duration(s.draw(2*uint64(l.jitter)+1)) - l.jitter
	}
	s.put(waiting{data: data, due: s.last(at.Add(max(0, delay)))})
}
