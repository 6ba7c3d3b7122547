package proxy

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"time"
)

// marks are datagrams that the sockets of a relay send to themselves. What lies
// before one in a socket's receive buffer was sent before it; so once it has
// been read, all of that has been passed on.
type marks struct {
	mu      sync.Mutex
	last    uint64
	awaited map[uint64]chan struct{}
}

// next makes a mark, and what is closed when it has been read.
func (m *marks) next() (text []byte, seen <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	ch := make(chan struct{})
	if m.awaited == nil {
		m.awaited = map[uint64]chan struct{}{}
	}
	m.awaited[m.last] = ch
	return binary.BigEndian.AppendUint64(nil, m.last), ch
}

// seen notes that a socket has read a mark.
func (m *marks) seen(text []byte) {
	if len(text) != 8 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	number := binary.BigEndian.Uint64(text)
	if ch := m.awaited[number]; ch != nil {
		close(ch)
		delete(m.awaited, number)
	}
}

// again is how long a mark may be under way before it counts as lost: the
// buffer was full.
const again = 20 * time.Millisecond

// flush waits until all that was sent to the relay so far has been passed on.
func (r *Relay) flush(ctx context.Context) error {
	var all sync.WaitGroup
	mark := func(c *net.UDPConn, to netip.AddrPort) {
		text, seen := r.marks.next()
		all.Go(func() {
			for {
				if _, err := c.WriteToUDPAddrPort(text, to); err != nil {
					return // it is closed, and passes nothing on
				}
				select {
				case <-seen:
					return
				case <-time.After(again):
				case <-ctx.Done():
					return
				}
			}
		})
	}
	r.mu.Lock()
	if !r.shut {
		if r.neighbours == nil { // else the mark would go to the whole group
			mark(r.front, r.addr)
		}
		for _, s := range r.sessions {
			mark(s.back, s.addr)
		}
	}
	r.mu.Unlock()
	all.Wait()
	return ctx.Err()
}
