package proxy

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/stretchr/testify/require"
)

// relayLink is a relay in front of a service that gives back what it gets, and
// notes who sent it.
type relayLink struct {
	testing.TB
	*Relay
	server  *Server
	service *net.UDPConn

	mu      sync.Mutex
	got     []string
	senders map[netip.AddrPort]bool
}

func newRelayLink(t testing.TB, limits Limits) *relayLink {
	t.Helper()
	return newRelayLinkAt(t, "127.0.0.1:0", limits)
}

// newRelayLinkAt has both on addresses like that one.
func newRelayLinkAt(t testing.TB, at string, limits Limits) *relayLink {
	t.Helper()
	service, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(at)))
	require.NoError(t, err)
	widen(service)
	l := &relayLink{TB: t, server: NewServer(), service: service, senders: map[netip.AddrPort]bool{}}
	l.Relay, err = l.server.AddPacket("client->service", at, service.LocalAddr().String(), limits)
	require.NoError(t, err)
	require.NoError(t, l.Enable(t.Context()))
	var echoing sync.WaitGroup
	echoing.Go(l.echo)
	t.Cleanup(func() {
		require.NoError(t, l.server.Close())
		require.NoError(t, service.Close())
		echoing.Wait()
	})
	return l
}

func (l *relayLink) echo() {
	buf := make([]byte, readBuffer)
	for {
		n, from, err := l.service.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		l.got = append(l.got, string(buf[:n]))
		l.senders[from] = true
		l.mu.Unlock()
		_, _ = l.service.WriteToUDPAddrPort(buf[:n], from)
	}
}

// seen tells what has reached the service, and from how many addresses.
func (l *relayLink) seen() (got []string, senders int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.got...), len(l.senders)
}

func (l *relayLink) fault(kind string, given attrs) *RelayFault {
	l.Helper()
	f, err := l.Inject(l.Context(), Fault{Kind: kind, Upstream: true, Downstream: true, Values: valuesOf(l, given), Seed: 1})
	require.NoError(l, err)
	return f
}

func (l *relayLink) heals(f *RelayFault) string {
	l.Helper()
	e, err := f.Heal(l.Context())
	require.NoError(l, err)
	return e.String()
}

// upstreamFault puts one on the way to the service alone.
func (l *relayLink) upstreamFault(kind string, given attrs) *RelayFault {
	l.Helper()
	f, err := l.Inject(l.Context(), Fault{Kind: kind, Upstream: true, Values: valuesOf(l, given), Seed: 1})
	require.NoError(l, err)
	return f
}

// caller is a client of a relay.
type caller struct {
	testing.TB
	net.Conn
}

func (l *relayLink) dial() caller {
	l.Helper()
	conn, err := net.Dial("udp", l.Addr())
	require.NoError(l, err)
	l.Cleanup(func() { conn.Close() })
	require.NoError(l, conn.(*net.UDPConn).SetWriteBuffer(2*MaxDatagram))
	return caller{l, conn}
}

func (c caller) send(text string) {
	c.Helper()
	_, err := c.Write([]byte(text))
	require.NoError(c, err)
}

func (c caller) receives(text string) {
	c.Helper()
	require.NoError(c, c.SetReadDeadline(time.Now().Add(20*time.Second)))
	buf := make([]byte, readBuffer)
	n, err := c.Read(buf)
	require.NoError(c, err)
	require.True(c, text == string(buf[:n]), "got %d bytes %.40q instead of %d bytes %.40q", n, buf[:n], len(text), text)
}

func (c caller) echoes(text string) {
	c.Helper()
	c.send(text)
	c.receives(text)
}

// hasNothing reports that nothing is there now; what is to come must have been
// waited for by another way.
func (c caller) hasNothing() {
	c.Helper()
	require.NoError(c, c.SetReadDeadline(time.Now().Add(time.Millisecond)))
	n, err := c.Read(make([]byte, 100))
	require.ErrorIs(c, err, os.ErrDeadlineExceeded, "%d bytes came", n)
}

func TestARelayPassesDatagramsOfEverySize(t *testing.T) {
	l := newRelayLink(t, Limits{})
	c := l.dial()
	for range 2 {
		for _, size := range []int{0, 1, 1471, 1472, 1473, 1499, 1500, 1501, 16 << 10, MaxDatagram - 1, MaxDatagram} {
			c.echoes(string(bytes.Repeat([]byte{byte(size)}, size)))
		}
		l.fault("latency", attrs{"latency": "1ms"}) // and the same through a lane
	}
	n := l.Counts()
	require.EqualValues(t, 44, n.Received)
	require.Equal(t, n.Received, n.Forwarded)
	_, senders := l.seen()
	require.Equal(t, 1, senders, "a client kept its socket, and the service knows it under two addresses")
}

func TestARelayPassesDatagramsOverIPv6(t *testing.T) {
	if probe, err := net.ListenPacket("udp", "[::1]:0"); err != nil {
		t.Skip("there is no IPv6 here")
	} else {
		require.NoError(t, probe.Close())
	}
	l := newRelayLinkAt(t, "[::1]:0", Limits{})
	c := l.dial()
	const longest = MaxDatagram + 20 // its header counts apart
	f := l.upstreamFault("latency", attrs{"latency": "0s"})
	for _, size := range []int{0, 1, MaxDatagram, longest} {
		c.echoes(strings.Repeat("x", size))
	}
	l.heals(f)
}

func TestPacketFaultsOnRealSockets(t *testing.T) {
	for _, tc := range []struct {
		kind   string
		attrs  attrs
		effect string
		act    func(c caller, heal func())
	}{
		{"loss", attrs{"probability": "100"}, "1 datagram, 1 byte, 1 lost", func(c caller, heal func()) {
			c.send("a")
			heal()
			c.echoes("b")
		}},
		{"duplicate", attrs{"probability": "100"}, "1 datagram, 1 byte, 1 copy", func(c caller, heal func()) {
			c.send("a")
			c.receives("a")
			c.receives("a")
			heal()
		}},
		{"reorder", attrs{"probability": "100", "delay": "1h"}, "2 datagrams, 2 bytes", func(c caller, heal func()) {
			c.send("a")
			c.send("b")
			heal()
			c.receives("a")
			c.receives("b")
		}},
		{"truncate", attrs{"bytes": "2"}, "1 datagram, 3 bytes, 1 truncated", func(c caller, heal func()) {
			c.send("abc")
			c.receives("ab")
			heal()
		}},
		{"latency", attrs{"latency": "1h"}, "2 datagrams, 2 bytes", func(c caller, heal func()) {
			c.send("a")
			c.send("b")
			heal()
			c.receives("a")
			c.receives("b")
		}},
		{Hold, nil, "3 datagrams, 3 bytes", func(c caller, heal func()) {
			c.send("a")
			c.send("b")
			c.send("c")
			heal()
			c.receives("a")
			c.receives("b")
			c.receives("c")
		}},
		{"blackhole", nil, "1 datagram, 1 byte, 1 lost", func(c caller, heal func()) {
			c.send("a")
			heal()
			c.echoes("b")
		}},
		{Down, nil, "2 datagrams, 3 bytes, 2 lost", func(c caller, heal func()) {
			c.send("a")
			c.send("bb")
			heal()
			c.echoes("c")
		}},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			l := newRelayLink(t, Limits{})
			c := l.dial()
			c.echoes("-")
			before := l.Counts().Received
			f := l.upstreamOrWhole(tc.kind, tc.attrs)
			tc.act(c, func() {
				require.NoError(t, l.flush(t.Context())) // it has met all that was sent
				require.Equal(t, tc.effect, l.heals(f))
			})
			require.Greater(t, l.Counts().Received, before)
			require.Eventually(t, func() bool { return l.Counts().Waiting == 0 && l.direct.Load() }, 10*time.Second, time.Millisecond)
			c.echoes("at the end nothing is in the way")
		})
	}
}

func (l *relayLink) upstreamOrWhole(kind string, given attrs) *RelayFault {
	if kind == Down {
		return l.fault(kind, given)
	}
	return l.upstreamFault(kind, given)
}

// A relay draws what the lane draws: the same datagrams are lost in both.
func TestARelayLosesWhatTheLaneLoses(t *testing.T) {
	const n = 200
	given := attrs{"probability": "40"}
	lane, want := newLaneTest(t), []string(nil)
	lane.Lane = NewLane("#1", stream.Upstream)
	lane.fault("loss", given)
	l := newRelayLink(t, Limits{})
	c := l.dial()
	f := l.upstreamFault("loss", given)
	for i := range n {
		text := fmt.Sprint(i)
		lane.Send(lane.now, []byte(text), func(data []byte) { want = append(want, string(data)) })
		c.send(text)
	}
	require.NoError(t, l.flush(t.Context()))
	l.heals(f)
	require.Less(t, len(want), n)
	require.Eventually(t, func() bool { got, _ := l.seen(); return len(got) >= len(want) }, 10*time.Second, time.Millisecond)
	got, _ := l.seen()
	require.Equal(t, want, got)
}

// A drop at a trigger hits the next datagram: none that was sent before, and no
// later one.
func TestADropOnARelayIsExact(t *testing.T) {
	l := newRelayLink(t, Limits{})
	c := l.dial()
	var want []string
	for i := range 100 {
		for k := range 3 { // unread as yet when the fault comes
			want = append(want, fmt.Sprintf("%d before %d", i, k))
			c.send(want[len(want)-1])
		}
		f := l.upstreamFault("drop", nil)
		c.send("dropped")
		want = append(want, fmt.Sprint(i, " after"))
		c.send(want[len(want)-1])
		require.NoError(t, l.flush(t.Context()))
		require.Equal(t, "1 datagram, 7 bytes, 1 lost", l.heals(f))
		for _, text := range want[len(want)-4:] {
			c.receives(text)
		}
	}
	got, _ := l.seen()
	require.Equal(t, want, got)
}

func TestDisableAndDownOfARelayCompose(t *testing.T) {
	l := newRelayLink(t, Limits{})
	c := l.dial()
	c.echoes("a")
	at := l.Addr()
	hold := l.fault(Hold, nil)
	c.send("held, and then lost")
	require.NoError(t, l.flush(t.Context()))
	require.NoError(t, l.Disable(t.Context()))
	l.heals(hold)
	down := l.fault(Down, nil)
	require.NoError(t, l.Enable(t.Context()))
	c.send("lost too")
	require.NoError(t, l.flush(t.Context()))
	require.Equal(t, "1 datagram, 8 bytes, 1 lost", l.heals(down))
	require.Equal(t, at, l.Addr())
	c.echoes("b")
	c.hasNothing()
	got, senders := l.seen()
	require.Equal(t, []string{"a", "b"}, got)
	require.Equal(t, 1, senders, "the service knows the client under another address")
	n := l.Counts()
	require.Equal(t, Counts{Received: 6, Forwarded: 4, Lost: 2}, n)
}

func TestARelayStaysOnThisMachine(t *testing.T) {
	s := NewServer()
	for _, tc := range []struct{ listen, upstream, says string }{
		{"0.0.0.0:0", "127.0.0.1:9", "not on this machine"},
		{"127.0.0.1:0", "192.0.2.1:9", "not on this machine"},
		{"127.0.0.1:0", "127.0.0.1:0", "has no port"},
		{"127.0.0.1:4711", "127.0.0.1:4711", "its own address"},
		{"localhost:0", "127.0.0.1:9", "no IP address"},
	} {
		_, err := s.AddPacket("x", tc.listen, tc.upstream, Limits{})
		require.ErrorContains(t, err, tc.says)
	}
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = s.AddPacket("x", taken.LocalAddr().String(), "127.0.0.1:9", Limits{})
	require.ErrorContains(t, err, "give it another port")
}

func TestAClosedRelayRefuses(t *testing.T) {
	l := newRelayLink(t, Limits{})
	c := l.dial()
	l.fault(Hold, nil)
	c.send(strings.Repeat("x", 10))
	require.NoError(t, l.flush(t.Context()))
	require.NoError(t, l.server.Close())
	require.NoError(t, l.server.Close(), "closed twice is closed")
	require.ErrorContains(t, l.Enable(t.Context()), "is closed")
	_, err := l.Inject(t.Context(), Fault{Kind: Hold, Upstream: true})
	require.ErrorContains(t, err, "is closed")
}
