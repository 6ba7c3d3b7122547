package proxy

import (
	"container/list"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
)

// session is one client of a relay.
type session struct {
	relay  *Relay
	client netip.AddrPort
	back   *net.UDPConn // what the service knows as the client
	addr   netip.AddrPort
	ways   [2]*way
	recent *list.Element
	used   atomic.Int64 // when, in ns since the epoch
	gone   bool         // guarded by relay.mu: what still comes is lost
}

// The two ways of a session.
const (
	up   = int(stream.Upstream)
	down = int(stream.Downstream)
)

// session finds the one of a client, or makes it. It is nil if none can be
// made: the relay is closed, or the system has no more sockets. The datagram is
// lost then, and the next one tries again.
func (r *Relay) session(client netip.AddrPort) *session {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, known := r.sessions[client]
	if known {
		r.recent.MoveToFront(s.recent)
	} else if s = r.newSession(client); s == nil {
		r.counts.received.Add(1)
		r.counts.lost.Add(1)
		return nil
	}
	s.used.Store(time.Now().UnixNano())
	return s
}

// newSession makes a session; r.mu is held.
func (r *Relay) newSession(client netip.AddrPort) *session {
	if r.shut {
		return nil
	}
	if len(r.sessions) >= r.limits.Sessions {
		r.forget(r.recent.Back().Value.(*session))
	}
	// From an address of its own, and connected to nothing: it must hear its
	// own marks besides the service, and not of closed ports.
	own := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)
	if r.upstreams[0].Addr().Is6() {
		own = netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	}
	back, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(own))
	if err != nil {
		return nil
	}
	widen(back)
	s := &session{relay: r, client: client, back: back, addr: addressOf(back)}
	r.numbered++
	for _, d := range []stream.Direction{stream.Upstream, stream.Downstream} {
		s.ways[d] = &way{session: s, direction: d, lane: NewLane("#"+strconv.Itoa(r.numbered), d)}
		for _, a := range r.faults {
			s.ways[d].lane.Add(a, time.Now(), s.ways[d].forward)
		}
	}
	s.recent = r.recent.PushFront(s)
	r.sessions[client] = s
	r.running.Go(s.serve)
	return s
}

// forget ends a session; r.mu is held.
func (r *Relay) forget(s *session) {
	if s.gone {
		return
	}
	s.gone = true
	delete(r.sessions, s.client)
	r.recent.Remove(s.recent)
	for _, w := range s.ways {
		n, _ := w.lane.Clear()
		r.counts.lost.Add(int64(n))
		r.await(w)
	}
	_ = s.back.Close() // fails only on a closed one
}

// serve reads what the service answers, and ends the session when it has been
// idle for too long.
func (s *session) serve() {
	// Most of it is never touched, and thus no memory.
	buf := make([]byte, readBuffer)
	_ = s.back.SetReadDeadline(time.Now().Add(s.relay.limits.Idle))
	for {
		n, from, err := s.back.ReadFromUDPAddrPort(buf)
		switch from = unmapped(from); {
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.expire()
		case err != nil: // as in Relay.serve
		case from == s.addr:
			s.relay.marks.seen(buf[:n])
		case slices.Contains(s.relay.upstreams, from):
			s.used.Store(time.Now().UnixNano())
			s.relay.pass(s.ways[down], buf[:n])
		}
	}
}

// expire ends the session if it has been idle, or looks again when it may be.
// What waits on a lane is not idle.
func (s *session) expire() {
	r := s.relay
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.limits.Idle - time.Since(time.Unix(0, s.used.Load()))
	if left <= 0 && s.ways[up].lane.Waiting()+s.ways[down].lane.Waiting() == 0 {
		r.forget(s)
		return
	}
	_ = s.back.SetReadDeadline(time.Now().Add(max(left, r.limits.Idle/10)))
}
