package proxy

import (
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
)

// way is one direction of a session.
type way struct {
	session   *session
	direction stream.Direction
	lane      *Lane
	waits     bool        // something is on the lane
	wake      *time.Timer // nil until something had to wait
}

// Counts is what became of the datagrams of a relay.
//
//	Received + Copied = Forwarded + Lost + Waiting
type Counts struct {
	Received  int64 // from clients and from the service
	Copied    int64 // by a fault, or for a second service
	Forwarded int64
	Lost      int64
	Waiting   int64 // held by a fault
}

type counters struct{ received, copied, forwarded, lost atomic.Int64 }

// Counts tells what has become of the datagrams so far. While some pass, the
// sum may be off by those.
func (r *Relay) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := Counts{
		Received: r.counts.received.Load(), Copied: r.counts.copied.Load(),
		Forwarded: r.counts.forwarded.Load(), Lost: r.counts.lost.Load(),
	}
	for _, s := range r.sessions {
		c.Waiting += int64(s.ways[up].lane.Waiting() + s.ways[down].lane.Waiting())
	}
	return c
}

// pass takes a datagram on its way.
func (r *Relay) pass(w *way, data []byte) {
	r.counts.received.Add(1)
	if r.direct.Load() {
		w.forward(data)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loses(data) || w.session.gone {
		r.counts.lost.Add(1)
		return
	}
	w.lane.Send(time.Now(), data, w.forward)
	r.await(w)
}

// forward sends a datagram out, to each of several services a copy. One that the
// system does not take is lost.
func (w *way) forward(data []byte) {
	r := w.session.relay
	if w.direction == stream.Downstream {
		_, err := r.front.WriteToUDPAddrPort(data, w.session.client)
		r.counts.went(err)
		return
	}
	for i, to := range r.upstreams {
		if i > 0 {
			r.counts.copied.Add(1)
		}
		_, err := w.session.back.WriteToUDPAddrPort(data, to)
		r.counts.went(err)
	}
}

// went counts a datagram that was sent out, or was to be.
func (c *counters) went(err error) {
	if err != nil {
		c.lost.Add(1)
		return
	}
	c.forwarded.Add(1)
}

// await counts what has become of a lane, and has it looked at when something
// on it is due; r.mu is held.
func (r *Relay) await(w *way) {
	lost, copied := w.lane.Tally()
	r.counts.lost.Add(int64(lost))
	r.counts.copied.Add(int64(copied))
	if waits := w.lane.Waiting() > 0; waits != w.waits {
		w.waits = waits
		if r.busy--; waits {
			r.busy += 2
		}
		r.settle()
	}
	next, some := w.lane.Next()
	switch {
	case !some && w.wake != nil:
		w.wake.Stop()
	case some && w.wake == nil:
		w.wake = time.AfterFunc(time.Until(next), func() { r.advance(w) })
	case some:
		w.wake.Reset(time.Until(next))
	}
}

// advance sends out what is due.
func (r *Relay) advance(w *way) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return
	}
	w.lane.Advance(time.Now(), w.forward)
	r.await(w)
}
