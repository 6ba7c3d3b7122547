package proxy

import (
	"time"

	"faultlab/sim/param"
)

func corruptKind() Kind {
	return Kind{
		Name: "corrupt",
		Attrs: param.List{
			probability("How many datagrams are damaged."),
			positive("bits", 1, 1000, "How many different bits of one are turned over, or all if it has fewer."),
		},
		Doc:     "Bits of datagrams are turned over, and no checksum has noticed. One without any bytes cannot be damaged.",
		Effect:  "a datagram came to it",
		packets: func(v param.Values) packetRule { return corrupt{v.Int("probability"), v.Int("bits")} },
	}
}

type corrupt struct{ percent, bits int }

func (c corrupt) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	if s.chance(c.percent) && len(data) > 0 {
		s.active.corrupted.Add(1)
		s.flip(data, c.bits)
	}
	s.pass(at, data)
}

// flip turns over that many bits. No bit is drawn twice: turned over again, it
// would be whole.
func (s *packetStage) flip(data []byte, bits int) {
	size := uint64(len(data)) * 8
	turned := map[uint64]bool{}
	for range min(uint64(bits), size) {
		bit := s.draw(size)
		for turned[bit] {
			bit = (bit + 1) % size
		}
		turned[bit] = true
		data[bit/8] ^= 1 << (bit % 8)
	}
}
