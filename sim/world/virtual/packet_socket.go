package virtual

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"faultlab/proxy"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// receiveQueue is how many datagrams may wait for their reader: as many small
// ones as the receive buffer of a socket on Linux holds. What comes to a full
// queue is lost.
const receiveQueue = 256

// socket receives a node's datagrams on one port.
type socket struct {
	node *node
	addr packetAddr
	seed uint64

	mu       sync.Mutex
	closed   bool
	queue    []parcel // by time of arrival
	lost     int      // since the queue was last found full; 0: it is not
	turn     time.Time
	deadline time.Time
	wake     chan struct{}
}

// parcel is a datagram in a receive queue, or on its last hop there.
type parcel struct {
	data []byte
	from packetAddr
	at   time.Time
	key  uint64 // decides between two of one instant
}

// packetAddr is an address for datagrams in the virtual network.
type packetAddr struct{ addr }

func (packetAddr) Network() string { return "udp" }

func newSocket(n *node, port int, seed uint64) *socket {
	return &socket{node: n, addr: packetAddr{addr{n.Name, port}}, seed: seed, wake: make(chan struct{}, 1)}
}

// arrive takes in a datagram, whether or not the node runs: its kernel does.
func (s *socket) arrive(p parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if len(s.queue) >= receiveQueue {
		if s.lost++; s.lost == 1 {
			s.node.cluster.hooks.Record(history.Event{
				T: int64(s.node.cluster.Elapsed()), Node: s.node.Name, Kind: history.Print,
				Value: fmt.Sprintf("the receive queue of port %d is full: datagrams are lost", s.addr.port),
			})
		}
		return
	}
	s.lost = 0
	i, _ := slices.BinarySearchFunc(s.queue, p, func(a, b parcel) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key, b.key))
	})
	s.queue = slices.Insert(s.queue, i, p)
	signal(s.wake)
}

// read takes the next datagram; it blocks until there is one. A paused node's
// read waits with it.
func (s *socket) read() (parcel, error) {
	for {
		s.mu.Lock()
		now, until := time.Now(), s.deadline
		switch {
		case s.closed:
			s.mu.Unlock()
			return parcel{}, net.ErrClosed
		case !until.IsZero() && !until.After(now):
			s.mu.Unlock()
			return parcel{}, os.ErrDeadlineExceeded
		}
		if len(s.queue) > 0 {
			first := s.queue[0]
			at := first.at
			if s.turn.After(at) {
				at = s.turn
			}
			if !at.After(now) {
				s.queue = s.queue[1:]
				s.turn = nextInstant()
				s.mu.Unlock()
				if s.node.waitOut(first.key) {
					s.takeTurn() // what came meanwhile is read after this, not with it
				}
				return first, s.node.alive()
			}
			if until.IsZero() || at.Before(until) {
				s.mu.Unlock()
				// In a slot of its own: two of the node's sockets would else be
				// given theirs in one instant.
				s.node.sleep(at.Sub(now), first.key)
				continue
			}
		}
		s.mu.Unlock()
		wait(s.wake, until)
	}
}

func (s *socket) takeTurn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = nextInstant()
}

func (s *socket) setDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = t
	signal(s.wake)
}

// shut closes the socket without asking the node.
func (s *socket) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.queue = true, nil
	signal(s.wake)
}

func (s *socket) gone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// mayWrite waits out a pause, and says why a datagram cannot be sent.
func (s *socket) mayWrite(b []byte) error {
	s.node.waitOut(s.seed)
	switch {
	case s.node.dead.Load():
		return lab.ErrKilled
	case s.gone():
		return net.ErrClosed
	case len(b) > proxy.MaxDatagram:
		return os.NewSyscallError("sendto", syscall.EMSGSIZE)
	}
	return nil
}

// bind gives the node a socket, which ends with it.
func (n *node) bind(s *socket) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.sockets == nil:
		return lab.ErrKilled
	case n.sockets[s.addr.port] != nil:
		return syscall.EADDRINUSE
	}
	n.sockets[s.addr.port] = s
	return nil
}

// unbind closes a socket of the node.
func (n *node) unbind(s *socket) {
	n.mu.Lock()
	if n.sockets[s.addr.port] == s {
		delete(n.sockets, s.addr.port)
	}
	n.mu.Unlock()
	s.shut()
}

// failed puts an error of a socket into the form that package net gives it.
func (s *socket) failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: "udp", Source: s.addr, Err: err}
}
