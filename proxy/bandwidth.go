package proxy

import (
	"time"

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
			return &toxics.BandwidthToxic{Rate: int64(v.Int("rate"))}
		},
		packets: func(v param.Values) packetRule {
			return &packetBandwidth{rate: v.Int("rate") * 1000, queue: v.Int(packetQueue)}
		},
	}
}

const packetQueue = "queue"

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
