package virtual

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/proxy"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// onPacketBench is onBench with a link for datagrams.
func onPacketBench(t *testing.T, f func(b *packetBench)) {
	t.Helper()
	onLink(t, lab.Link{From: "client", To: "service", Port: thePort, Packet: true}, func(b *bench) {
		p := &packetBench{bench: b}
		p.listen()
		f(p)
	})
}

type packetBench struct {
	*bench
	port net.PacketConn
}

func (b *packetBench) listen() {
	var err error
	b.port, err = b.service.ListenPacket(thePort)
	require.NoError(b.t, err)
	<-b.service.ready
	require.NoError(b.t, b.c.Open(b.t.Context(), theLink))
}

func (b *packetBench) dial() packetEnd {
	b.t.Helper()
	conn, err := b.client.DialPacket(b.t.Context(), "service")
	require.NoError(b.t, err)
	return packetEnd{b.t, conn}
}

// receives gives the next datagram at the service, and who sent it.
func (b *packetBench) receives(text string) net.Addr {
	b.t.Helper()
	require.NoError(b.t, b.port.SetReadDeadline(time.Now().Add(2*time.Hour)))
	buf := make([]byte, proxy.MaxDatagram)
	n, from, err := b.port.ReadFrom(buf)
	require.NoError(b.t, err)
	require.Equal(b.t, text, string(buf[:n]))
	return from
}

func (b *packetBench) hearsNothing() {
	b.t.Helper()
	require.NoError(b.t, b.port.SetReadDeadline(time.Now().Add(long)))
	n, _, err := b.port.ReadFrom(make([]byte, 100))
	require.ErrorIs(b.t, err, os.ErrDeadlineExceeded)
	require.Zero(b.t, n)
}

// packetEnd is a client's socket.
type packetEnd struct {
	t *testing.T
	net.Conn
}

func (e packetEnd) send(text string) {
	e.t.Helper()
	n, err := e.Write([]byte(text))
	require.NoError(e.t, err)
	require.Len(e.t, text, n)
}

func (e packetEnd) receives(text string) {
	e.t.Helper()
	require.NoError(e.t, e.SetReadDeadline(time.Now().Add(2*time.Hour)))
	buf := make([]byte, proxy.MaxDatagram)
	n, err := e.Read(buf)
	require.NoError(e.t, err)
	require.Equal(e.t, text, string(buf[:n]))
}

func TestDatagramsKeepTheirBoundsAndFindBack(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		a, c := b.dial(), b.dial()
		largest := strings.Repeat("x", proxy.MaxDatagram)
		a.send("one")
		a.send("")
		a.send(largest)
		from := b.receives("one")
		require.Equal(t, from, b.receives(""))
		require.Equal(t, from, b.receives(largest))
		require.Equal(t, a.LocalAddr(), from)
		c.send("three")
		other := b.receives("three")
		require.NotEqual(t, from.String(), other.String())
		for to, text := range map[net.Addr]string{from: "to a", other: "to c"} {
			_, err := b.port.WriteTo([]byte(text), to)
			require.NoError(t, err)
		}
		a.receives("to a")
		c.receives("to c")

		_, err := a.Write(make([]byte, proxy.MaxDatagram+1))
		require.ErrorIs(t, err, syscall.EMSGSIZE)
		_, err = b.port.WriteTo(make([]byte, proxy.MaxDatagram+1), from)
		require.ErrorIs(t, err, syscall.EMSGSIZE)
		b.hearsNothing()
	})
}

func TestAShortBufferLosesTheRestOfADatagram(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		c := b.dial()
		c.send("abcdef")
		c.send("g")
		buf := make([]byte, 3)
		n, _, err := b.port.ReadFrom(buf)
		require.NoError(t, err)
		require.Equal(t, "abc", string(buf[:n]))
		b.receives("g")
	})
}

// Nobody tells a sender of datagrams that nobody listens.
func TestDatagramsToADeadNodeAreLost(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		c := b.dial()
		c.send("on its way")
		b.service.die()
		require.NoError(t, b.c.Close(t.Context(), theLink))
		c.send("to the dead")
		_, err := b.port.WriteTo([]byte("from the dead"), c.LocalAddr())
		require.ErrorIs(t, err, lab.ErrKilled)
		_, _, err = b.port.ReadFrom(make([]byte, 9))
		require.ErrorIs(t, err, net.ErrClosed)
		b.service = b.start("service", 2)
		b.listen()
		after(long)
		c.send("to the living")
		require.Equal(t, c.LocalAddr(), b.receives("to the living"))

		b.client.die()
		_, err = c.Write([]byte("from a dead client"))
		require.ErrorIs(t, err, lab.ErrKilled)
		_, err = b.client.DialPacket(t.Context(), "service")
		require.ErrorIs(t, err, lab.ErrKilled)
		_, err = b.port.WriteTo([]byte("to a dead client"), c.LocalAddr())
		require.NoError(t, err)
		b.hearsNothing()
	})
}

// A pause does not keep datagrams from coming in, up to where the queue is
// full; the rest is lost, and the console says so.
func TestAPausedNodesQueueFillsUp(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		c := b.dial()
		require.NoError(t, b.c.Pause("service"))
		for i := range receiveQueue + 10 {
			c.send(strings.Repeat("x", i))
		}
		after(long)
		require.Len(t, b.events.list, 1)
		require.Equal(t, history.Print, b.events.list[0].Kind)
		require.Contains(t, b.events.list[0].Value, "receive queue of port 7007 is full")
		require.NoError(t, b.c.Resume("service"))
		for i := range receiveQueue {
			b.receives(strings.Repeat("x", i))
		}
		b.hearsNothing()
	})
}

func TestTheObserverPassesAllLinks(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		b.inject("blackhole", nil)
		conn, err := b.c.DialPacket(t.Context(), "service", thePort)
		require.NoError(t, err)
		eye := packetEnd{t, conn}
		eye.send("hello")
		from := b.receives("hello")
		_, err = b.port.WriteTo([]byte("there"), from)
		require.NoError(t, err)
		eye.receives("there")
		require.NoError(t, eye.Close())
		_, err = eye.Read(nil)
		require.ErrorIs(t, err, net.ErrClosed)
	})
}

// A datagram that is on its way meets no fault that comes after it was sent,
// and one that is sent after that does not pass it by.
func TestADropHitsTheNextDatagram(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		c := b.dial()
		c.send("one")
		in := b.inject("drop", nil)
		c.send("two")
		c.send("three")
		b.receives("one")
		from := b.receives("three")
		require.Equal(t, "1 datagram, 3 bytes, 1 lost", b.heal(in).String())
		in = b.inject("drop", nil)
		_, err := b.port.WriteTo([]byte("lost"), from)
		require.NoError(t, err)
		_, err = b.port.WriteTo([]byte("found"), from)
		require.NoError(t, err)
		c.receives("found")
		require.Equal(t, "1 datagram, 4 bytes, 1 lost", b.heal(in).String())
	})
}

func TestDownAndHoldOnDatagrams(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		c := b.dial()
		hold := b.inject(proxy.Hold, nil)
		c.send("one")
		c.send("two")
		b.hearsNothing()
		require.Equal(t, "2 datagrams, 6 bytes", b.heal(hold).String())
		b.receives("one")
		b.receives("two")

		hold = b.inject(proxy.Hold, nil)
		c.send("three")
		down := b.inject(proxy.Down, nil)
		c.send("four")
		b.hearsNothing()
		require.Equal(t, "2 datagrams, 9 bytes, 2 lost", b.heal(down).String())
		b.heal(hold)
		b.hearsNothing()
		c.send("five")
		b.receives("five")
	})
}

func TestStreamFaultsAreNotForDatagrams(t *testing.T) {
	onPacketBench(t, func(b *packetBench) {
		_, err := b.c.Inject(t.Context(), theLink, proxy.Fault{Kind: "timeout", Upstream: true})
		require.ErrorContains(t, err, "timeout acts on streams")
	})
	onBench(t, func(b *bench) {
		_, err := b.c.Inject(t.Context(), theLink, proxy.Fault{Kind: "blackhole", Upstream: true})
		require.NoError(t, err)
	})
}

// TestDatagramsReplay: what arrives, from whom and when, hangs on the seed
// alone, also where many clients send at once through every fault.
func TestDatagramsReplay(t *testing.T) {
	run := func(processors int) (arrived []string) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		onPacketBench(t, func(b *packetBench) {
			hold := b.inject(proxy.Hold, nil)
			for _, f := range []struct {
				kind  string
				given map[string]string
			}{
				{"loss", map[string]string{"probability": "20"}},
				{"duplicate", map[string]string{"probability": "20"}},
				{"reorder", map[string]string{"probability": "30", "gap": "2"}},
				{"corrupt", map[string]string{"probability": "20", "bits": "2"}},
				{"latency", map[string]string{"latency": "5ms", "jitter": "5ms"}},
				{"bandwidth", map[string]string{"rate": "1"}},
			} {
				b.inject(f.kind, f.given)
			}
			for client := range 5 {
				conn := b.dial()
				go func() {
					for i := range 20 {
						conn.send(fmt.Sprint(client, i))
						b.client.Record(history.Event{Kind: history.Send, Source: fmt.Sprint(client), Seq: int64(i)})
					}
				}()
			}
			after(10 * time.Millisecond)
			b.heal(hold)
			require.NoError(t, b.port.SetReadDeadline(time.Now().Add(long)))
			buf := make([]byte, 100)
			for {
				n, from, err := b.port.ReadFrom(buf)
				if err != nil {
					return
				}
				arrived = append(arrived, fmt.Sprintf("%v %v %q", b.c.Elapsed(), from, buf[:n]))
			}
		})
		return arrived
	}
	first := run(1)
	require.Greater(t, len(first), 50)
	for range 5 {
		require.Equal(t, first, run(2))
	}
}
