package proxy

import (
	"time"

	"faultlab/sim/param"
)

func truncateKind() Kind {
	return Kind{
		Name: "truncate",
		Attrs: param.List{{
			Name: "bytes", Default: 0, Required: true, Max: MaxDatagram,
			Doc: "How many bytes of a datagram arrive at most; of 0, it arrives empty.",
		}},
		Doc:     "Longer datagrams lose their end, as if the receiver had read them into too small a buffer.",
		Effect:  "a datagram came to it",
		packets: func(v param.Values) packetRule { return truncate{v.Int("bytes")} },
	}
}

type truncate struct{ bytes int }

func (t truncate) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	if len(data) > t.bytes {
		s.active.truncated.Add(1)
		data = data[:t.bytes]
	}
	s.pass(at, data)
}
