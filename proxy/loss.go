package proxy

import (
	"time"

	"faultlab/sim/param"
)

func lossKind() Kind {
	return Kind{
		Name:    "loss",
		Attrs:   param.List{probability("How many datagrams are lost.")},
		Doc:     "Datagrams are lost, and nobody is told.",
		Effect:  "a datagram came to it",
		packets: func(v param.Values) packetRule { return loss{v.Int("probability")} },
	}
}

type loss struct{ percent int }

func (l loss) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	if s.chance(l.percent) {
		s.lose()
		return
	}
	s.pass(at, data)
}
