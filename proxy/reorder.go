package proxy

import (
	"slices"
	"time"

	"faultlab/sim/param"
)

func reorderKind() Kind {
	return Kind{
		Name: "reorder",
		Attrs: param.List{
			probability("How many datagrams are held back."),
			positive("gap", 1, manyDatagrams, "How many later ones pass one that is held back."),
			{Name: "delay", Default: 100 * time.Millisecond, Max: longest, Doc: "It waits no longer than that, if fewer come."},
		},
		Doc:    "Datagrams are held back until later ones have passed them.",
		Effect: "a datagram came to it",
		unit:   time.Millisecond,
		packets: func(v param.Values) packetRule {
			return reorder{v.Int("probability"), v.Int("gap"), v.Duration("delay")}
		},
	}
}

type reorder struct {
	percent, gap int
	delay        time.Duration
}

func (r reorder) take(s *packetStage, at time.Time, data []byte) {
	s.meet(data)
	if s.chance(r.percent) {
		s.put(waiting{data: data, due: at.Add(r.delay), behind: r.gap})
		return
	}
	s.put(waiting{data: data, due: at})
	r.passed(s, at)
}

// passed lets those go that have been passed often enough, behind the one that
// passed them just now.
func (r reorder) passed(s *packetStage, at time.Time) {
	var free []waiting
	kept := s.queue[:0]
	for _, w := range s.queue {
		if w.behind == r.gap {
			s.active.reordered.Add(1)
		}
		w.behind = max(0, w.behind-1)
		if w.due.After(at) && w.behind == 0 {
			w.due = at
			free = append(free, w)
			continue
		}
		kept = append(kept, w)
	}
	s.queue = kept
	for _, w := range free {
		s.queue = slices.Insert(s.queue, s.place(at), w)
	}
}
