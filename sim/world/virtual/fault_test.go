package virtual

import (
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/proxy"
	"faultlab/sim/world"
)

// An echoing service answers what it gets on every connection.
func (b *bench) echo() (ended func() []error) {
	var errs []error
	go func() {
		for {
			conn, err := b.ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buf := make([]byte, 32<<10)
				for {
					n, err := conn.Read(buf)
					if err == nil {
						_, err = conn.Write(buf[:n])
					}
					if err != nil {
						b.events.mu.Lock()
						errs = append(errs, err)
						b.events.mu.Unlock()
						return
					}
				}
			}()
		}
	}()
	return func() []error {
		time.Sleep(long)
		b.events.mu.Lock()
		defer b.events.mu.Unlock()
		return errs
	}
}

// dial opens a connection of which the test has only the client's end.
func (b *bench) dial() end {
	b.t.Helper()
	conn, err := b.client.Dial(b.t.Context(), "service")
	require.NoError(b.t, err)
	return end{b.t, conn}
}

func (e end) echoes(text string) {
	e.t.Helper()
	e.send(text)
	e.receives(text)
}

// TestLinkFaults asks of the virtual world what the tests of package proxy ask
// of real sockets, in the same order and with the same effects.
func TestLinkFaults(t *testing.T) {
	type given = map[string]string
	for _, tc := range []struct {
		name, kind string
		attrs      given
		effect     string
		act        func(b *bench, old end, ended func() []error, heal func() proxy.Effect) proxy.Effect
	}{
		{"hold", proxy.Hold, nil, "2 connections, 2 chunks, 6 bytes", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			fresh := b.dial()
			old.send("one")
			fresh.send("two")
			old.hearsNothing()
			fresh.hearsNothing()
			effect := heal()
			old.receives("one")
			fresh.receives("two")
			return effect
		}},
		{"blackhole", "blackhole", nil, "2 connections, 2 chunks, 6 bytes", func(b *bench, old end, ended func() []error, heal func() proxy.Effect) proxy.Effect {
			fresh := b.dial()
			old.send("one")
			fresh.send("two")
			old.hearsNothing()
			fresh.hearsNothing()
			effect := heal()
			fresh.receives("two")
			old.send("three")
			old.hearsNothing()
			old.Close()
			b.dial().echoes("new")
			require.Empty(b.t, ended(), "the service was told that the dead connection ended")
			return effect
		}},
		{"drop", "drop", nil, "1 connection, 1 chunk, 3 bytes", func(b *bench, old end, ended func() []error, heal func() proxy.Effect) proxy.Effect {
			fresh := b.dial()
			fresh.echoes("zero")
			old.send("one")
			old.hearsNothing()
			effect := heal()
			old.send("two")
			old.hearsNothing()
			fresh.echoes("three")
			old.Close()
			require.Len(b.t, ended(), 1, "the service must see the end")
			return effect
		}},
		{"latency", "latency", given{"latency": "1h"}, "1 connection, 1 chunk, 3 bytes", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			old.send("one")
			old.hearsNothing()
			effect := heal()
			old.receives("one")
			old.echoes("two")
			return effect
		}},
		{"latency that passes", "latency", given{"latency": "2ms", "jitter": "1ms"}, "1 connection, 2 chunks, 6 bytes", func(_ *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			old.echoes("one")
			return heal()
		}},
		{"bandwidth", "bandwidth", given{"rate": "1"}, "1 connection", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			text := strings.Repeat("0123456789", 10_000)
			go old.send(text)
			time.Sleep(10 * time.Second)
			got := make([]byte, len(text))
			n, err := old.Read(got)
			require.NoError(b.t, err)
			require.Less(b.t, n, 10_000, "a thousand bytes a second")
			effect := heal()
			old.receives(text[n:])
			require.Positive(b.t, effect.Bytes)
			return proxy.Effect{Connections: effect.Connections}
		}},
		{"slicer", "slicer", given{"average_size": "10", "size_variation": "5"}, "1 connection, 100 bytes", func(_ *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			text := strings.Repeat("0123456789", 10)
			old.echoes(text)
			effect := heal()
			old.echoes("whole again")
			return proxy.Effect{Connections: effect.Connections, Bytes: effect.Bytes / 2}
		}},
		{"limit_data", "limit_data", given{"bytes": "4"}, "1 connection", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			old.send("123456")
			_, err := old.ends()
			require.NoError(b.t, err)
			effect := heal()
			b.dial().echoes("new")
			return proxy.Effect{Connections: effect.Connections}
		}},
		{"slow_close", "slow_close", given{"delay": "1h"}, "1 connection", func(b *bench, old end, ended func() []error, heal func() proxy.Effect) proxy.Effect {
			old.echoes("one")
			old.Close()
			require.Empty(b.t, ended())
			effect := heal()
			require.Len(b.t, ended(), 1)
			return proxy.Effect{Connections: effect.Connections}
		}},
		{"timeout", "timeout", nil, "1 connection", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			old.hearsNothing()
			effect := heal()
			_, err := old.ends()
			require.NoError(b.t, err)
			b.dial().echoes("new")
			return effect
		}},
		{"timeout when idle", "timeout", given{"timeout": "10ms"}, "1 connection", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			_, err := old.ends()
			require.NoError(b.t, err)
			return heal()
		}},
		{"reset_peer", "reset_peer", nil, "2 connections, 2 chunks, 6 bytes", func(b *bench, old end, ended func() []error, heal func() proxy.Effect) proxy.Effect {
			innocent, fresh := b.dial(), b.dial()
			for _, c := range []end{old, fresh} {
				c.send("one")
				_, err := c.ends()
				require.ErrorIs(b.t, err, syscall.ECONNRESET)
				_, err = c.Write([]byte("x"))
				require.ErrorIs(b.t, err, syscall.ECONNRESET)
			}
			require.Len(b.t, ended(), 2)
			for _, err := range ended() {
				require.ErrorIs(b.t, err, syscall.ECONNRESET, "the service must see a reset as well")
			}
			effect := heal()
			innocent.echoes("three")
			innocent.Close()
			require.Len(b.t, ended(), 3)
			require.NotErrorIs(b.t, ended()[2], syscall.ECONNRESET, "a connection without traffic must not be reset")
			return effect
		}},
		{"down", proxy.Down, nil, "1 connection", func(b *bench, old end, _ func() []error, heal func() proxy.Effect) proxy.Effect {
			_, err := old.ends()
			require.NoError(b.t, err)
			_, err = b.client.Dial(b.t.Context(), "service")
			require.ErrorIs(b.t, err, syscall.ECONNREFUSED)
			effect := heal()
			b.dial().echoes("new")
			return effect
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onBench(t, func(b *bench) {
				ended := b.echo()
				old := b.dial()
				old.echoes("opened")
				in := b.inject(tc.kind, tc.attrs)
				effect := tc.act(b, old, ended, func() proxy.Effect { return b.heal(in) })
				require.Equal(t, tc.effect, effect.String())
			})
		})
	}
}

func TestALinkFaultThatMetNothingSaysSo(t *testing.T) {
	for kind, given := range map[string]map[string]string{
		proxy.Hold: nil, "blackhole": nil, "drop": nil, "latency": {"latency": "1ms"}, "bandwidth": {"rate": "1"},
		"slicer": {"average_size": "1"}, "limit_data": {"bytes": "0"}, "slow_close": {"delay": "1ms"}, "reset_peer": nil,
	} {
		onBench(t, func(b *bench) {
			b.connect()
			require.Empty(t, b.heal(b.inject(kind, given)).String(), kind)
		})
	}
}

// A connection of which one end is closed, and told so, cannot be cut any more.
func TestDownMeetsOnlyWhatIsOpen(t *testing.T) {
	onBench(t, func(b *bench) {
		closing, far := b.connect()
		require.NoError(t, closing.Close())
		_, err := far.ends()
		require.NoError(t, err)
		require.NoError(t, far.Close())
		require.Empty(t, b.heal(b.inject(proxy.Down, nil)).String())
	})
}

func TestDownAndCloseCompose(t *testing.T) {
	onBench(t, func(b *bench) {
		refused := func(want bool) {
			t.Helper()
			_, err := b.client.Dial(t.Context(), "service")
			if want {
				require.ErrorIs(t, err, syscall.ECONNREFUSED)
			} else {
				require.NoError(t, err)
			}
		}
		first, second := b.inject(proxy.Down, nil), b.inject(proxy.Down, nil)
		refused(true)
		require.NoError(t, b.c.Close(t.Context(), theLink))
		b.heal(first)
		refused(true)
		require.NoError(t, b.c.Open(t.Context(), theLink))
		refused(true)
		b.heal(second)
		refused(false)
	})
}

// Every fault at once, on connections that end in all ways: nothing may hang,
// and nothing may run on when the link is gone.
func TestLinkFaultsOverlap(t *testing.T) {
	onBench(t, func(b *bench) {
		b.echo()
		var in []world.LinkFault
		for range 3 {
			for _, k := range proxy.Kinds() {
				if !k.Streams() {
					continue
				}
				given := map[string]map[string]string{
					"latency": {"latency": "1ms", "jitter": "1ms"}, "bandwidth": {"rate": "1000"}, "slicer": {"average_size": "3", "size_variation": "2"},
					"limit_data": {"bytes": "20"}, "slow_close": {"delay": "1ms"}, "reset_peer": {"timeout": "1ms"}, "timeout": {"timeout": "1ms"},
				}[k.Name]
				if c, err := b.client.Dial(t.Context(), "service"); err == nil {
					_, _ = c.Write([]byte("some bytes that meet the faults"))
				}
				time.Sleep(200 * time.Microsecond)
				in = append(in, b.inject(k.Name, given))
				if len(in) > 4 {
					b.heal(in[0])
					in = in[1:]
				}
			}
		}
		for _, i := range in {
			b.heal(i)
		}
		b.dial().echoes("well again")
	})
}

func TestAFaultActsOnOneDirectionAlone(t *testing.T) {
	for _, upstream := range []bool{true, false} {
		onBench(t, func(b *bench) {
			c, s := b.connect()
			in, err := b.c.Inject(t.Context(), theLink, proxy.Fault{Kind: proxy.Hold, Upstream: upstream, Downstream: !upstream})
			require.NoError(t, err)
			c.send("up")
			s.send("down")
			if upstream {
				s.hearsNothing()
				c.receives("down")
				b.heal(in)
				s.receives("up")
			} else {
				c.hearsNothing()
				s.receives("up")
				b.heal(in)
				c.receives("down")
			}
		})
	}
}

// A writer behind a narrow link waits, and is freed when the fault ends.
func TestANarrowLinkSlowsItsWriter(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		in := b.inject("bandwidth", map[string]string{"rate": "1"})
		text := strings.Repeat("x", 16*window)
		sent := false
		go func() {
			c.send(text)
			sent = true
		}()
		after(long)
		require.False(t, sent, "it took in all that was written")
		b.heal(in)
		s.receives(text)
		synctest.Wait()
		require.True(t, sent)
	})
}
