package proxy

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestIdleSessionsAreForgotten(t *testing.T) {
	l := newRelayLink(t, Limits{Idle: 10 * time.Millisecond})
	c := l.dial()
	c.echoes("a")
	require.Eventually(t, func() bool { return l.clients() == 0 }, 10*time.Second, time.Millisecond)
	c.echoes("b")
	_, senders := l.seen()
	require.Equal(t, 2, senders)
}

// What a fault holds of a client, however long, finds its session when it is
// let go.
func TestASessionWithSomethingOnItsWayIsNotIdle(t *testing.T) {
	l := newRelayLink(t, Limits{Idle: time.Hour})
	c := l.dial()
	idle := func() (forgotten bool) {
		l.Relay.mu.Lock()
		var s *session
		for _, s = range l.sessions {
			s.used.Store(0)
		}
		l.Relay.mu.Unlock()
		s.expire()
		return l.clients() == 0
	}
	f := l.upstreamFault(Hold, nil)
	c.send("held")
	require.NoError(t, l.flush(t.Context()))
	require.False(t, idle())
	l.heals(f)
	c.receives("held")
	require.True(t, idle())
}

func (r *Relay) clients() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.sessions)
}

func TestTheSessionThatWasIdleTheLongestGoesFirst(t *testing.T) {
	l := newRelayLink(t, Limits{Sessions: 2})
	a, b := l.dial(), l.dial()
	a.echoes("a")
	b.echoes("b")
	a.echoes("a")
	l.dial().echoes("c") // in the place of b
	a.echoes("a")
	_, senders := l.seen()
	require.Equal(t, 3, senders)
	b.echoes("b")
	_, senders = l.seen()
	require.Equal(t, 4, senders, "b was still known")
	require.Equal(t, 2, l.clients())
}

func TestARelayHasThousandsOfClients(t *testing.T) {
	const n = 2000
	before := runtime.NumGoroutine()
	l := newRelayLink(t, Limits{})
	clients := make([]caller, n)
	for i := range clients {
		clients[i] = l.dial()
	}
	for round := range 2 {
		for i, c := range clients {
			c.send(fmt.Sprint(i, round))
			if i%100 == 99 { // not more than fit into the buffers
				for j := i - 99; j <= i; j++ {
					clients[j].receives(fmt.Sprint(j, round))
				}
			}
		}
		l.fault("latency", attrs{"latency": "1ms"})
	}
	_, senders := l.seen()
	require.Equal(t, n, senders)
	require.LessOrEqual(t, runtime.NumGoroutine(), before+n+10, "a session has more than one goroutine")
	require.NoError(t, l.server.Close())
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+5 }, 10*time.Second, time.Millisecond)
}

// TestARelayConserves: whatever faults come and go in front of whatever
// clients, each datagram is accounted for.
func TestARelayConserves(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := newRelayLink(t, Limits{Sessions: 3})
		defer func() { require.NoError(r, l.server.Close()) }()
		clients := []caller{l.dial(), l.dial(), l.dial(), l.dial()} // one more than the relay remembers
		var inForce []*RelayFault
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				kind := rapid.SampledFrom([]string{"bandwidth", "blackhole", "drop", "duplicate", "hold", "latency", "loss", "reorder", "down"}).Draw(r, "kind")
				inForce = append(inForce, l.fault(kind, numbered[kind]))
			case 1:
				if n := len(inForce); n > 0 {
					i := rapid.IntRange(0, n-1).Draw(r, "heal")
					l.heals(inForce[i])
					inForce = append(inForce[:i:i], inForce[i+1:]...)
				}
			case 2:
				require.NoError(r, l.set(rapid.Bool().Draw(r, "open")))
			default:
				clients[rapid.IntRange(0, 3).Draw(r, "client")].send("x")
			}
		}
		for _, f := range inForce {
			l.heals(f)
		}
		var n Counts
		require.Eventually(r, func() bool {
			last := n
			n = l.Counts()
			return n.Waiting == 0 && n == last
		}, 10*time.Second, time.Millisecond)
		require.Equal(r, n.Received+n.Copied, n.Forwarded+n.Lost, "%+v", n)
	})
}
