package proxy

import (
	"slices"
	"time"

	"faultlab/sim/param"
)

func duplicateKind() Kind {
	return Kind{
		Name: "duplicate",
		Attrs: param.List{
			probability("How many datagrams arrive more than once."),
			positive("copies", 1, 100, "How many copies arrive right after one of them."),
		},
		Doc:     "Datagrams arrive more than once.",
		Effect:  "a datagram came to it",
		packets: func(v param.Values) packetRule { return duplicate{v.Int("probability"), v.Int("copies")} },
	}
}

type duplicate struct{ percent, copies int }

func (d duplicate) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	s.pass(at, data)
	if !s.chance(d.percent) {
		return
	}
	for range d.copies {
		s.active.duplicated.Add(1)
		s.lane.copied++
		// With bytes of its own: a fault further on may change them.
		s.pass(at, slices.Clone(data))
	}
}
