package virtual

import (
	"io"
	"os"
	"sync"
	"time"

	"faultlab/sim/lab"
)

const (
	// A hop is the way from a node to the proxy or from there to a node.
	hopLow, hopHigh = 50 * time.Microsecond, time.Millisecond
	// window is how many bytes may be under way to a reader before its writer
	// must wait: about the socket buffers of a loopback connection.
	window = 64 << 10
)

// flow is one direction of a connection.
//
//	Write → [hop] → proxy: toxics, if any → [hop] → queue → Read
//
// Without a toxic the bytes go into the queue at once, stamped with when they
// pass the proxy and when they arrive; a flow whose link gets a fault moves
// what has not passed the proxy yet into the chain's way (see chain.go).
type flow struct {
	cluster *cluster
	seed    uint64
	reverse *flow

	mu      sync.Mutex
	passed  uint64    // hops to the proxy that were drawn so far
	arrived uint64    // hops from there
	instant time.Time // of the last write
	passes  time.Time // when it passes the proxy
	arrives time.Time // when the last batch arrives
	chain   *chain    // nil until the link gets a fault
	queue   []batch
	size    int       // bytes in queue
	turn    time.Time // the next batch may be read from then on
	broken  bool      // what is written now is lost
	ended   bool      // the queue has its end

	readErr, writeErr           error
	readDeadline, writeDeadline time.Time

	canRead, canWrite chan struct{}

	alarm *time.Timer // of the reader
}

// batch is what was written during one instant.
type batch struct {
	data   []byte
	passes time.Time // the proxy
	at     time.Time // arrives at the reader
	end    bool      // the connection's end, after data
}

// due is when the batch may be read. The end is, an instant after bytes that would
// come with it, also where there are none: whether gRPC sends a last frame before
// it closes is by lot.
func (b *batch) due() time.Time {
	if b.end && len(b.data) == 0 {
		return b.at.Add(time.Nanosecond)
	}
	return b.at
}

func newFlow(c *cluster, seed uint64, direction string) *flow {
	return &flow{
		cluster: c, seed: lab.Draw(seed, direction),
		canRead: make(chan struct{}, 1), canWrite: make(chan struct{}, 1),
	}
}

// hop draws how long the n-th hop of a kind takes.
func (f *flow) hop(kind string, n uint64) time.Duration {
	return lab.DrawTime(hopLow, hopHigh, f.seed+n, kind)
}

// pass gives when what is written at t passes the proxy: a hop later, and
// later than what was written before; f.mu is held.
func (f *flow) pass(t time.Time) time.Time {
	f.passed++
	f.passes = later(t.Add(f.hop("pass", f.passed)), f.passes)
	return f.passes
}

// reach gives when what passes the proxy at t arrives; f.mu is held.
func (f *flow) reach(t time.Time) time.Time {
	f.arrived++
	f.arrives = later(t.Add(f.hop("arrive", f.arrived)), f.arrives)
	return f.arrives
}

// later is t, or just after before if t is not later.
func later(t, before time.Time) time.Time {
	if t.After(before) {
		return t
	}
	return before.Add(time.Nanosecond)
}

// write sends bytes; it blocks while the window is full.
func (f *flow) write(b []byte) (int, error) {
	sent := 0
	for {
		f.mu.Lock()
		deadline := f.writeDeadline
		switch {
		case f.writeErr != nil:
			defer f.mu.Unlock()
			return sent, f.writeErr
		case f.broken: // the kernel takes it; nobody will have it
			sent, b = sent+len(b), nil
		default:
			n := min(len(b), max(0, window-f.underWay()))
			if n > 0 {
				f.send(b[:n], false)
			}
			sent, b = sent+n, b[n:]
		}
		f.mu.Unlock()
		if len(b) == 0 {
			return sent, nil
		}
		if !wait(f.canWrite, deadline) {
			return sent, os.ErrDeadlineExceeded
		}
	}
}

// underWay counts the bytes that the writer must wait for; f.mu is held.
func (f *flow) underWay() int {
	if f.chain != nil {
		return f.chain.size
	}
	return f.size
}

// send puts bytes, or the end, on their way; f.mu is held.
func (f *flow) send(b []byte, end bool) {
	queue, size, wake := &f.queue, &f.size, f.canRead
	if f.chain != nil {
		queue, size, wake = &f.chain.inflight, &f.chain.size, f.chain.wake
	}
	*size += len(b)
	now := time.Now()
	if n := len(*queue); n > 0 && now.Equal(f.instant) {
		last := &(*queue)[n-1]
		last.data = append(last.data, b...)
		last.end = end
		f.ended = end && f.chain == nil
		return
	}
	f.instant = now
	next := batch{data: append([]byte(nil), b...), passes: f.pass(now), end: end}
	if f.chain == nil {
		next.at = f.reach(next.passes)
		f.ended = end
	}
	*queue = append(*queue, next)
	signal(wake)
}

// read takes what has arrived; it blocks until something has.
func (f *flow) read(b []byte) (int, error) {
	for {
		f.mu.Lock()
		if f.readErr != nil {
			defer f.mu.Unlock()
			return 0, f.readErr
		}
		now, until := time.Now(), f.readDeadline
		if !until.IsZero() && !until.After(now) {
			f.mu.Unlock()
			return 0, os.ErrDeadlineExceeded
		}
		if len(f.queue) > 0 {
			at := f.queue[0].due()
			if f.turn.After(at) {
				at = f.turn
			}
			if !at.After(now) {
				n := f.take(b)
				f.mu.Unlock()
				if n == 0 && len(b) > 0 {
					return 0, io.EOF
				}
				return n, nil
			}
			if until.IsZero() || at.Before(until) {
				until = at
			}
		}
		f.mu.Unlock()
		f.awaitNews(now, until)
	}
}

// awaitNews waits until something changes for the reader, or until a time (the
// zero time: for ever).
func (f *flow) awaitNews(now, until time.Time) {
	if until.IsZero() {
		<-f.canRead
		return
	}
	// One timer for all: each read waits, and a new one would cost more than all else.
	if f.alarm == nil {
		f.alarm = time.NewTimer(until.Sub(now))
	} else {
		f.alarm.Reset(until.Sub(now))
	}
	select {
	case <-f.canRead:
	case <-f.alarm.C:
	}
}

// take moves bytes of the first batch into b; 0 bytes mean the end. What comes
// after its bytes, the end too, is read in a later instant, also where a pause
// let both pile up: a request and the news that its client has given up, read in one, would
// race inside the library that handles them. f.mu is held.
func (f *flow) take(b []byte) int {
	head := &f.queue[0]
	n := copy(b, head.data)
	head.data = head.data[n:]
	f.size -= n
	if len(head.data) == 0 {
		f.turn = nextInstant()
		if !head.end {
			f.queue = f.queue[1:]
		}
	}
	signal(f.canWrite)
	if f.chain != nil {
		signal(f.chain.room)
	}
	return n
}

// takeTurn makes the next read come in a later instant.
func (f *flow) takeTurn() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn = nextInstant()
}

func nextInstant() time.Time { return time.Now().Add(time.Nanosecond) }

// beforeProxy finds the first batch in the queue that has not passed the proxy
// yet; f.mu is held.
func (f *flow) beforeProxy(now time.Time) int {
	for i, b := range f.queue {
		if b.passes.After(now) {
			return i
		}
	}
	return len(f.queue)
}

// arrive puts a batch into the reader's queue; f.mu is held.
func (f *flow) arrive(data []byte, end bool) {
	if f.ended || f.readErr != nil {
		return
	}
	now := time.Now()
	f.queue = append(f.queue, batch{data: data, passes: now, at: f.reach(now), end: end})
	f.size += len(data)
	f.ended = end
	signal(f.canRead)
}

// signal wakes who waits on ch, now or next.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// wait waits for a signal until a time (the zero time: for ever), and reports
// whether it is not that time yet.
func wait(ch chan struct{}, until time.Time) bool {
	if until.IsZero() {
		<-ch
		return true
	}
	left := time.Until(until)
	if left <= 0 {
		return false
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ch:
		return true
	case <-timer.C:
		return false
	}
}
