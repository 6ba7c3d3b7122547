package proxy

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2"
)

// Relay is one link of a lab for datagrams, on real sockets.
//
//	client ─▶ front ─▶ lane ─▶ back of its session ─▶ service
//	client ◀─ front ◀─ lane ◀─ back of its session ◀─ service
//
// It has one service, or several, of which each gets a copy: see AddGroup.
// Each client has a session with a socket of its own, so that answers find
// their way. Nothing waits for anybody: what comes faster than it can go on is
// lost, in the kernel's buffers or in those of a fault, and counted here.
type Relay struct {
	name       string
	addr       netip.AddrPort
	upstreams  []netip.AddrPort
	limits     Limits
	front      *net.UDPConn
	neighbours []netip.Prefix // whom it hears, in a real group; nil: everybody here
	running    sync.WaitGroup
	counts     counters
	marks      marks

	// direct says that nothing is to be decided on any datagram: the relay is
	// open, no fault is in force, and none waits. It spares the lock.
	direct atomic.Bool

	mu       sync.Mutex
	open     bool // the caller wants it enabled
	shut     bool // closed for good
	downs    []*Active
	faults   []*Active // in force, oldest first
	scripted int       // of both, how many are a scenario's
	busy     int       // lanes on which something waits
	sessions map[netip.AddrPort]*session
	recent   *list.List // of sessions, the one that was used last first
	numbered int        // sessions so far

	control sync.Mutex // one request of the control API at a time
	toxics  []relayToxic
}

// Limits bound what a relay remembers of its clients. The zero value has the
// usual ones.
type Limits struct {
	Idle     time.Duration // a session without a datagram for so long is forgotten; 0: one minute
	Sessions int           // beyond so many, the one that was idle the longest is; 0: 10,000
}

// AddPacket makes a relay for datagrams, disabled as yet, that leads from
// listen to upstream. Both must be on loopback; listen may end in ":0" for any
// free port.
func (s *Server) AddPacket(name, listen, upstream string, limits Limits) (*Relay, error) {
	return s.addRelay(&Relay{name: name, limits: limits}, []string{upstream}, func(r *Relay) error { return r.listen(listen) })
}

// addRelay opens a relay and makes it known.
func (s *Server) addRelay(r *Relay, upstreams []string, open func(*Relay) error) (*Relay, error) {
	err := r.leadTo(upstreams)
	if err == nil {
		err = open(r)
	}
	if err != nil {
		return nil, fmt.Errorf("add relay %s: %w", r.name, err)
	}
	r.begin()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.api.Collection.Get(r.name); err == nil || s.relays[r.name] != nil {
		return nil, errors.Join(fmt.Errorf("add relay %s: %w", r.name, toxiproxy.ErrProxyAlreadyExists), r.close())
	}
	s.relays[r.name] = r
	return r, nil
}

// leadTo sets the services.
func (r *Relay) leadTo(upstreams []string) error {
	for _, address := range upstreams {
		to, err := loopback("upstream", address)
		if err != nil {
			return err
		}
		if to.Port() == 0 {
			return fmt.Errorf("upstream %s has no port", address)
		}
		r.upstreams = append(r.upstreams, to)
	}
	return nil
}

// listen opens the front.
func (r *Relay) listen(address string) error {
	at, err := loopback("listen", address)
	if err != nil {
		return err
	}
	if slices.Contains(r.upstreams, at) {
		return fmt.Errorf("upstream %s is its own address: it would send to itself for ever", address)
	}
	err = openPort(func() (err error) {
		r.front, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; give it another port", err)
	}
	return nil
}

// begin makes a relay whose front is open ready for its clients.
func (r *Relay) begin() {
	if r.limits.Idle <= 0 {
		r.limits.Idle = time.Minute
	}
	if r.limits.Sessions <= 0 {
		r.limits.Sessions = 10_000
	}
	r.sessions, r.recent = map[netip.AddrPort]*session{}, list.New()
	widen(r.front)
	r.addr = addressOf(r.front)
	r.running.Go(r.serve)
}

// Addr is the address that it listens on, enabled or not.
func (r *Relay) Addr() string { return r.addr.String() }

// Enable lets datagrams through, unless a down is in force: then they are let
// through from its end.
func (r *Relay) Enable(context.Context) error { return r.set(true) }

// Disable loses all datagrams until Enable, those too that are on their way.
// Sessions stay, and with them the addresses that the service knows of its
// clients.
func (r *Relay) Disable(context.Context) error { return r.set(false) }

func (r *Relay) set(open bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return fmt.Errorf("relay %s is closed", r.name)
	}
	r.open = open
	if !open {
		r.clear()
	}
	r.settle()
	return nil
}

// settle finds out whether datagrams may go directly; r.mu is held.
func (r *Relay) settle() {
	r.direct.Store(r.open && !r.shut && len(r.downs)+len(r.faults)+r.busy == 0)
}

// clear loses what waits on any lane, and counts it; r.mu is held.
func (r *Relay) clear() (datagrams, bytes int) {
	for _, s := range r.sessions {
		for _, w := range s.ways {
			n, size := w.lane.Clear()
			datagrams, bytes = datagrams+n, bytes+size
			r.await(w)
		}
	}
	r.counts.lost.Add(int64(datagrams))
	return datagrams, bytes
}

// close takes the relay down for good, with all its sessions.
func (r *Relay) close() error {
	r.mu.Lock()
	if r.shut {
		r.mu.Unlock()
		return nil
	}
	r.clear()
	r.shut = true
	r.settle()
	for _, s := range r.sessions {
		r.forget(s)
	}
	err := r.front.Close()
	r.mu.Unlock()
	r.running.Wait()
	if err != nil {
		return fmt.Errorf("close relay %s: %w", r.name, err)
	}
	return nil
}

// readBuffer is more than any datagram has: over IPv6 it may be a little longer
// than MaxDatagram, and must not be cut off here.
const readBuffer = 64 << 10

// serve reads what clients send.
func (r *Relay) serve() {
	buf := make([]byte, readBuffer)
	for {
		n, from, err := r.front.ReadFromUDPAddrPort(buf)
		switch from = unmapped(from); {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// On Windows the next read tells that an answer met a closed port.
		case from == r.addr:
			r.marks.seen(buf[:n])
		case r.hears(from):
			if s := r.session(from); s != nil {
				r.pass(s.ways[up], buf[:n])
			}
		}
	}
}

// loses reports whether a datagram goes no further because the relay is closed,
// and counts it; r.mu is held.
func (r *Relay) loses(data []byte) bool {
	for _, a := range r.downs {
		a.Lost(1, len(data))
	}
	return !r.open || r.shut || len(r.downs) > 0
}

// widen makes room in a socket for a burst, as far as the system allows, and
// for the largest datagram, which some systems do not by themselves.
func widen(c *net.UDPConn) {
	_ = c.SetReadBuffer(4 << 20)
	_ = c.SetWriteBuffer(2 * MaxDatagram)
}

func addressOf(c *net.UDPConn) netip.AddrPort {
	return unmapped(c.LocalAddr().(*net.UDPAddr).AddrPort())
}

// unmapped is the one way in which an address is written here: the system may
// give an IPv4 one in the form of IPv6.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// remove takes a fault out of a list.
func remove(list []*Active, a *Active) []*Active {
	return slices.DeleteFunc(list, func(other *Active) bool { return other == a })
}
