package proxy

import (
	"slices"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func bandwidthKind() Kind {
	return Kind{
		Name: "bandwidth",
		Attrs: param.List{{
			Name: "rate", Default: 0, Required: true, Min: 1, Max: fastest,
			Doc: "Kilobytes (of 1000 bytes) a second, for each connection.",
		}, {
			Name: packetQueue, Default: 64 << 10, Min: 1, Max: largest,
			Doc: "On datagrams: how many bytes may wait; what comes beyond that is lost. The writer of a stream waits instead.",
		}},
		Doc:         "Each connection, or client of datagrams, has at most that many bytes a second. To stop it altogether, use hold.",
		Effect:      "bytes or a datagram ran through it",
		OnlyPackets: []string{packetQueue},
		toxic: func(v param.Values) toxics.Toxic {
			b := new(bandwidth)
			b.Rate.n.Store(int64(v.Int("rate")))
			return b
		},
		packets: func(v param.Values) packetRule {
			return &packetBandwidth{rate: v.Int("rate") * 1000, queue: v.Int(packetQueue)}
		},
	}
}

const packetQueue = "queue"

// bandwidth is Toxiproxy's toxic of that name, but that it can be interrupted
// while the next toxic, or a reader who does not read, takes nothing. The end of
// Toxiproxy's waits for that, at worst until the call hangs; and where a chunk
// was let go at last, and another is there, it is decided by lot whether that is
// let through before the end is seen.
type bandwidth struct {
	Rate attribute `json:"rate"` // kilobytes a second
	own
}

// Pipe implements toxics.Toxic.
func (b *bandwidth) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, b) }

// grain is how long the line takes for one piece of a chunk, at most: a reader
// sees bytes trickle in, and not a chunk at a time.
const grain = 100 * time.Millisecond

func (b *bandwidth) take(f *flow, c *stream.StreamChunk) {
	if c == nil {
		f.put(piece{})
		return
	}
	f.met(c)
	rate := min(max(b.Rate.n.Load(), 1), fastest) * 1000 // bytes a second
	if now := time.Now(); f.free.Before(now) {
		f.free = now
	}
	for data := range slices.Chunk(c.Data, int(rate*int64(grain)/int64(time.Second))) {
		f.free = f.free.Add(time.Duration(len(data)) * time.Second / time.Duration(rate))
		f.put(piece{chunk: &stream.StreamChunk{Data: data, Timestamp: c.Timestamp}, due: f.free})
	}
}

// packetBandwidth is a narrow line behind a queue of a certain length, which is
// what a router is.
type packetBandwidth struct {
	rate, queue int       // bytes a second, bytes
	free        time.Time // when the line has carried all that it was given
}

func (b *packetBandwidth) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	if len(s.queue) > 0 && s.bytes+len(data) > b.queue {
		s.lose()
		return
	}
	if b.free.Before(at) {
		b.free = at
	}
	b.free = b.free.Add(time.Duration(len(data)) * time.Second / time.Duration(b.rate))
	s.put(waiting{data: data, due: s.last(b.free)})
}
