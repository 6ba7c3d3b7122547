package proxy

import (
	"strconv"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// flow is one connection, in one direction, through one toxic of ours. It is
// the State of the stub, so that it outlives an interrupt: Toxiproxy
// interrupts a toxic whenever its neighbour changes, and what was held must
// neither get out early nor be lost.
type flow struct {
	active    *Active
	direction stream.Direction
	conn      Conn
	known     bool                  // conn is filled in
	asked     <-chan Conn           // the answer to who this is; nil: not asked yet
	early     []*stream.StreamChunk // came in before the answer

	queue []piece // taken in and not yet handed on, in order
	ended bool    // the input is at its end
	over  bool    // the end of the fault was seen
	dead  bool    // it never carries anything again, also when the fault is over
	draws uint64
	free  time.Time // slicer, bandwidth: when the next piece may go
}

// piece is what leaves a flow as one.
type piece struct {
	chunk *stream.StreamChunk // nil: the end of the connection
	due   time.Time           // not before this; zero: at once
	held  bool                // not before the fault is over
	reset bool                // the connection is reset instead
}

// rule is what makes one toxic of ours different from the next.
type rule interface {
	// take decides on a chunk that comes in while the fault is in force, nil
	// for the end of the connection: what it does not put is swallowed.
	take(f *flow, c *stream.StreamChunk)
	room() int
}

// carrier tells a fault about the connections that Toxiproxy runs.
type carrier interface {
	// gone is closed when all connections of now have been closed.
	gone() <-chan struct{}
	// identify finds the connection that a stub belongs to. The answer takes
	// a lock that may be held by who is just interrupting that stub.
	identify(*toxics.ToxicStub) <-chan Conn
}

// run is the life of a flow, until the connection ends or the toxic is
// interrupted. It never blocks on anything but this select.
func (f *flow) run(stub *toxics.ToxicStub, r rule) {
	if !f.identified(stub) {
		return
	}
	for _, c := range f.early {
		f.accept(c, r)
	}
	f.early = nil
	for {
		over := f.untilOver()
		var in <-chan *stream.StreamChunk
		if !f.ended && len(f.queue) < f.room(r) {
			in = stub.Input
		}
		var out chan<- *stream.StreamChunk
		var chunk *stream.StreamChunk
		wait := time.Duration(-1)
		if len(f.queue) > 0 && !f.queue[0].held {
			next := f.queue[0]
			switch left := time.Until(next.due); {
			case left > 0:
				wait = left
			case next.reset || next.chunk == nil:
				f.finish(stub, next)
				return
			default:
				out, chunk = stub.Output, next.stamped()
			}
		}
		due, stop := alarm(wait)
		select {
		case <-stub.Interrupt:
			stop()
			return
		case <-f.conn.Gone:
			stop()
			f.finish(stub, piece{})
			return
		case <-over:
		case <-due:
		case out <- chunk:
			f.queue = f.queue[1:]
		case c := <-in:
			f.accept(c, r)
		}
		stop()
	}
}

// alarm rings after a while, and never for a negative one.
func alarm(after time.Duration) (<-chan time.Time, func()) {
	if after < 0 {
		return nil, func() {}
	}
	timer := time.NewTimer(after)
	return timer.C, func() { timer.Stop() }
}

// accept takes in a chunk, nil for the end of the connection.
func (f *flow) accept(c *stream.StreamChunk, r rule) {
	f.ended = c == nil
	f.untilOver() // it may have ended before c was sent
	if f.over && !f.dead {
		f.put(piece{chunk: c})
		return
	}
	r.take(f, c)
}

// identified waits until it is known which connection this is, and reads on
// meanwhile: the answer takes a lock, and who holds it may be waiting for one
// of Toxiproxy's own toxics, which cannot be interrupted while it writes to
// us. It returns false when this stub has to be left.
func (f *flow) identified(stub *toxics.ToxicStub) bool {
	if !f.known && f.asked == nil {
		f.asked = f.active.carrier.identify(stub)
	}
	for !f.known {
		in := stub.Input
		if f.ended || len(f.early) == manyChunks {
			in = nil
		}
		select {
		case <-stub.Interrupt:
			return false
		case <-f.conn.Gone:
			f.finish(stub, piece{})
			return false
		case c := <-f.asked:
			f.conn.Name, f.conn.Reset, f.known = c.Name, c.Reset, true
		case c := <-in:
			f.early = append(f.early, c)
			f.ended = c == nil
		}
	}
	return true
}

// room is how many pieces may wait here. Once the fault is over the flow is as
// narrow as Toxiproxy's own noop, so that a slow reader slows its writer.
func (f *flow) room(r rule) int {
	if f.over {
		return 1
	}
	return r.room()
}

// put hands on a piece, in order.
func (f *flow) put(p piece) { f.queue = append(f.queue, p) }

// untilOver returns what is closed when the fault ends, or nil if it has. Then
// all that waits is let go, stamped with now: a latency further on would
// otherwise take the time for which it was held for its own. It is asked at
// every turn because a select with two ready cases draws one of them.
func (f *flow) untilOver() <-chan struct{} {
	if f.over {
		return nil
	}
	select {
	case <-f.active.over:
	default:
		return f.active.over
	}
	f.over = true
	now := time.Now()
	for i := range f.queue {
		p := &f.queue[i]
		p.due, p.held, p.reset = now, false, false
	}
	return nil
}

// finish ends the connection at this stub: with a reset if p is one. What
// still comes in goes nowhere; taken in, it does not block who sends it.
func (f *flow) finish(stub *toxics.ToxicStub, p piece) {
	if p.reset && f.conn.Reset != nil {
		f.conn.Reset()
	}
	stub.Close()
	if f.ended {
		return
	}
	for range stub.Input {
	}
}

// flush hands on what is left when the toxic is taken away. Like Toxiproxy's
// own noop it waits for its reader as long as that takes: a control call that
// hangs can be told, bytes lost in the middle of a stream cannot.
func (f *flow) flush(stub *toxics.ToxicStub) {
	if f.dead {
		stub.Close()
		return
	}
	chunks := f.early // while there are any, nothing is in the queue
	for _, p := range f.queue {
		chunks = append(chunks, p.chunk)
	}
	for _, c := range chunks {
		if c == nil { // the next reader of the input sees the end again
			continue
		}
		select {
		case stub.Output <- c:
		case <-f.conn.Gone:
			stub.Close()
			return
		}
	}
	f.queue, f.early = nil, nil
}

// met counts a chunk that ran into the fault, nil for the end of a connection.
func (f *flow) met(c *stream.StreamChunk) {
	if f.over { // a dead connection still swallows
		return
	}
	f.active.meet(f.conn.Name)
	if c != nil {
		f.active.chunks.Add(1)
		f.active.bytes.Add(int64(len(c.Data)))
	}
}

// draw gives the next random number of this connection in this direction,
// below n.
func (f *flow) draw(n uint64) uint64 {
	name := f.conn.Name + " " + strconv.Itoa(int(f.direction))
	f.draws++
	return draw(f.active.fault.Seed, name, f.draws) % n
}

// stamped is the chunk as if it had arrived when it was due: a latency further
// on then adds its delay to that of this one.
func (p piece) stamped() *stream.StreamChunk {
	if p.chunk != nil && p.due.After(p.chunk.Timestamp) {
		p.chunk.Timestamp = p.due
	}
	return p.chunk
}
