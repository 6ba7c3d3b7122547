package virtual

import (
	"cmp"
	"net"
	"syscall"
	"time"
)

// end sends the end of the connection after all that was written.
func (f *flow) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.broken {
		f.send(nil, true)
		f.broken = true
	}
	f.writeErr = net.ErrClosed
	signal(f.canWrite)
}

// forget is called when the reader is gone: what comes is lost.
func (f *flow) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readErr = net.ErrClosed
	f.queue, f.size = nil, 0
	if f.chain == nil {
		f.broken = true
	} else {
		signal(f.chain.room)
	}
	signal(f.canRead)
	signal(f.canWrite)
}

// cut is what a proxy does that closes: what has not passed it is lost, and
// the reader sees the end after the rest. It reports whether the flow could
// still carry something.
func (f *flow) cut() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	open := !f.broken
	f.broken = true
	if f.chain != nil {
		f.chain.stop()
	} else if before := f.beforeProxy(time.Now()); before < len(f.queue) {
		for _, b := range f.queue[before:] {
			f.size -= len(b.data)
		}
		f.queue, f.ended = f.queue[:before], false
	}
	f.arriveEnd()
	signal(f.canWrite)
	return open
}

// hangUp is what the other direction's end does to this one: the proxy reads
// no more. What has passed it goes its way, the end comes after that.
func (f *flow) hangUp() {
	f.mu.Lock()
	chained := f.chain != nil
	if chained {
		f.broken = true
		f.chain.stop()
		signal(f.canWrite)
	}
	f.mu.Unlock()
	if !chained {
		f.cut()
	}
}

// arriveEnd ends the reader's queue, once; f.mu is held.
func (f *flow) arriveEnd() { f.arrive(nil, true) }

// reset lets both ends of the flow see a reset: who reads a hop later, who
// writes once the reader at that end has heard, or could have. Else gRPC, whose
// writer has failed and whose reader has heard of nothing, takes the same
// connection for every new try, in no time, for ever.
func (f *flow) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken, f.ended = true, true
	if f.chain != nil {
		f.chain.stop()
	}
	hop := f.hop("reset", 0)
	time.AfterFunc(hop, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.queue, f.size = nil, 0
		f.readErr = cmp.Or(f.readErr, error(syscall.ECONNRESET))
		signal(f.canRead)
		signal(f.canWrite)
	})
	time.AfterFunc(hop+2*hopHigh, f.failWrites)
}

// failWrites lets who writes see a reset.
func (f *flow) failWrites() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writeErr = cmp.Or(f.writeErr, error(syscall.ECONNRESET))
	signal(f.canWrite)
}

// over reports whether both ends are gone and nothing of the flow runs.
func (f *flow) over() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readErr != nil && f.writeErr != nil && f.chain == nil
}
