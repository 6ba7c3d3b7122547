package proxy

import (
	"slices"
	"time"
)

// packetStage is one fault on one lane.
type packetStage struct {
	lane   *Lane
	active *Active
	rule   packetRule

	queue []waiting // by due; of two that are due at once, as they were put
	bytes int
	draws uint64
	over  bool
}

// waiting is a datagram that a stage has taken in and not handed on.
type waiting struct {
	data   []byte
	due    time.Time
	behind int // reorder: so many must pass it first; 0: it waits for none
}

// never is the due time of what waits for the end of its fault.
var never = time.Unix(1<<40, 0)

// accept takes in a datagram that comes at a time.
func (s *packetStage) accept(at time.Time, data []byte) {
	if s.over {
		// What the fault held leaves before it.
		s.put(waiting{data: data, due: s.last(at)})
		return
	}
	s.rule.take(s, at, data)
}

// meet counts a datagram that ran into the fault.
func (s *packetStage) meet(data []byte) {
	s.active.datagrams.Add(1)
	s.active.bytes.Add(int64(len(data)))
}

// lose counts a datagram that goes no further.
func (s *packetStage) lose() {
	s.active.lost.Add(1)
	s.lane.lost++
}

// pass hands on a datagram at once, in order.
func (s *packetStage) pass(at time.Time, data []byte) {
	s.put(waiting{data: data, due: s.last(at)})
}

// put lets a datagram wait for its time. If the stage is full it is lost.
func (s *packetStage) put(w waiting) {
	if len(s.queue) == manyDatagrams || s.bytes+len(w.data) > manyBytes {
		s.lose()
		return
	}
	s.bytes += len(w.data)
	s.queue = slices.Insert(s.queue, s.place(w.due), w)
}

// place is where something belongs that is due then: behind all that is due as
// early. Nearly always that is the end.
func (s *packetStage) place(due time.Time) int {
	i := len(s.queue)
	for i > 0 && s.queue[i-1].due.After(due) {
		i--
	}
	return i
}

// last is at, or when the last datagram that waits is due, if that is later:
// what leaves then keeps the order.
func (s *packetStage) last(at time.Time) time.Time {
	if n := len(s.queue); n > 0 && s.queue[n-1].due.After(at) {
		return s.queue[n-1].due
	}
	return at
}

func (s *packetStage) pop() []byte {
	data := s.queue[0].data
	s.queue = s.queue[1:]
	s.bytes -= len(data)
	return data
}

// end lets go what waits, in the order in which it would have left, one after
// the other.
func (s *packetStage) end(now time.Time) {
	s.over = true
	// Two lanes that a fault lets go at once need not do so in step.
	due := now.Add(time.Duration(s.draw(uint64(spacing))))
	for i := range s.queue {
		s.queue[i].due = due
		due = due.Add(spacing)
	}
}

// chance draws whether an event of that probability, in percent, happens.
func (s *packetStage) chance(percent int) bool { return s.draw(100) < uint64(percent) }

// draw gives the next random number of this lane, below n.
func (s *packetStage) draw(n uint64) uint64 {
	s.draws++
	return draw(s.active.fault.Seed, s.lane.name, s.draws) % n
}
