package proxy

import (
	"slices"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
)

// Lane is the way of one client's datagrams, in one direction, through the
// faults of a link. It has no clock and no goroutine: who owns it says what
// time it is, never an earlier one than before, and calls Advance when Next
// says. It is not safe for concurrent use.
//
// Order is kept, but for what reorder does.
type Lane struct {
	name      string // of the client and the direction: draws depend on it
	direction stream.Direction
	stages    []*packetStage

	lost, copied int // by faults, since Tally was asked last
}

// NewLane makes the way for a client. The name must be stable over replays.
func NewLane(client string, d stream.Direction) *Lane {
	return &Lane{name: client + " " + d.String(), direction: d}
}

// Add puts a fault at the end of the way, if it acts in this direction. out
// gets what is due by now and has thus passed it by.
func (l *Lane) Add(a *Active, now time.Time, out func(data []byte)) {
	l.Advance(now, out)
	if a.kind.packets != nil && a.acts(l.direction) {
		l.stages = append(l.stages, &packetStage{lane: l, active: a, rule: a.kind.packets(a.fault.Values)})
	}
}

// End ends a fault. What it held is let go.
func (l *Lane) End(a *Active, now time.Time, out func(data []byte)) {
	l.Advance(now, out)
	for _, s := range l.stages {
		if s.active == a {
			s.end(now)
		}
	}
	l.Advance(now, out)
}

// Send takes in a datagram. Whatever is due by now comes out, this one
// included; out must not keep the bytes.
func (l *Lane) Send(now time.Time, data []byte, out func(data []byte)) {
	l.Advance(now, out)
	if len(l.stages) == 0 {
		out(data)
		return
	}
	l.enter(0, now, slices.Clone(data), out)
	l.Advance(now, out)
}

// Advance lets out what is due by now.
func (l *Lane) Advance(now time.Time, out func(data []byte)) {
	for {
		i, due := l.first()
		if i < 0 || due.After(now) {
			break
		}
		l.enter(i+1, due, l.stages[i].pop(), out)
	}
	l.stages = slices.DeleteFunc(l.stages, func(s *packetStage) bool { return s.over && len(s.queue) == 0 })
}

// Next is when something is due; false: nothing is until a fault ends.
func (l *Lane) Next() (at time.Time, some bool) {
	i, due := l.first()
	return due, i >= 0 && due.Before(never)
}

// Waiting counts the datagrams that are on the way.
func (l *Lane) Waiting() int {
	n := 0
	for _, s := range l.stages {
		n += len(s.queue)
	}
	return n
}

// Tally counts the datagrams that faults have lost, and the copies that they
// have made, since it was asked last.
func (l *Lane) Tally() (lost, copied int) {
	lost, copied = l.lost, l.copied
	l.lost, l.copied = 0, 0
	return lost, copied
}

// Clear loses what is on the way and counts it: the link was closed.
func (l *Lane) Clear() (datagrams, bytes int) {
	for _, s := range l.stages {
		datagrams, bytes = datagrams+len(s.queue), bytes+s.bytes
		s.queue, s.bytes = nil, 0
	}
	return datagrams, bytes
}

// first finds the stage whose turn it is. Of two that are due at one time the
// later goes first: what it has came before what the earlier would hand it.
func (l *Lane) first() (stage int, due time.Time) {
	stage = -1
	for i, s := range l.stages {
		if len(s.queue) > 0 && (stage < 0 || !s.queue[0].due.After(due)) {
			stage, due = i, s.queue[0].due
		}
	}
	return stage, due
}

// enter hands a datagram to a stage, or out behind the last. It does so at the
// time at which it was due, not when somebody came to look: a late timer must
// not add to a delay.
func (l *Lane) enter(stage int, at time.Time, data []byte, out func(data []byte)) {
	if stage == len(l.stages) {
		out(data)
		return
	}
	l.stages[stage].accept(at, data)
}
