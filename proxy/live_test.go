package proxy

import (
	"context"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/stretchr/testify/require"
)

func TestFaultsOnRealSockets(t *testing.T) {
	for _, tc := range []struct {
		name  string
		kind  string
		attrs attrs
		act   func(t *testing.T, l *link, old client, in *Injected) (effect string)
	}{
		{"hold", Hold, nil, func(t *testing.T, l *link, old client, in *Injected) string {
			fresh := l.dial()
			old.send("one")
			fresh.send("two")
			old.hearsNothing()
			fresh.hearsNothing()
			effect := l.heal(in)
			old.receives("one")
			fresh.receives("two")
			return effect.String()
		}},
		{"blackhole", "blackhole", nil, func(t *testing.T, l *link, old client, in *Injected) string {
			fresh := l.dial()
			old.send("one")
			fresh.send("two")
			old.hearsNothing()
			fresh.hearsNothing()
			effect := l.heal(in)
			fresh.receives("two")
			old.send("three")
			old.hearsNothing()
			old.Close()
			l.opened()
			require.Empty(t, l.ended(), "the service was told that the dead connection ended")
			return effect.String()
		}},
		{"drop", "drop", nil, func(t *testing.T, l *link, old client, in *Injected) string {
			fresh := l.opened()
			old.send("one")
			old.hearsNothing()
			effect := l.heal(in)
			old.send("two")
			old.hearsNothing()
			fresh.echoes("three")
			old.Close()
			require.Eventually(t, func() bool { return len(l.ended()) == 1 }, 5*time.Second, time.Millisecond, "the service must see the end")
			return effect.String()
		}},
		{"latency", "latency", attrs{"latency": "1h"}, func(t *testing.T, l *link, old client, in *Injected) string {
			old.send("one")
			old.hearsNothing()
			effect := l.heal(in)
			old.receives("one")
			old.echoes("two")
			return effect.String()
		}},
		{"latency that passes", "latency", attrs{"latency": "2ms", "jitter": "1ms"}, func(t *testing.T, l *link, old client, in *Injected) string {
			old.echoes("one")
			return l.heal(in).String()
		}},
		{"bandwidth", "bandwidth", attrs{"rate": "1"}, func(t *testing.T, l *link, old client, in *Injected) string {
			text := strings.Repeat("0123456789", 10_000)
			var sent sync.WaitGroup
			sent.Go(func() { old.send(text) })
			old.hearsNothing()
			effect := l.heal(in)
			old.receives(text)
			sent.Wait()
			require.Positive(t, effect.Bytes)
			effect.Chunks, effect.Bytes = 0, 0 // how many reads it comes in is up to the system
			return effect.String()
		}},
		{"slicer", "slicer", attrs{"average_size": "10", "size_variation": "5"}, func(t *testing.T, l *link, old client, in *Injected) string {
			old.echoes(strings.Repeat("0123456789", 10))
			effect := l.heal(in)
			old.echoes("whole again")
			effect.Chunks, effect.Bytes = 1, effect.Bytes/100
			return effect.String()
		}},
		{"limit_data", "limit_data", attrs{"bytes": "4"}, func(t *testing.T, l *link, old client, in *Injected) string {
			old.send("123456")
			old.ends()
			effect := l.heal(in)
			l.opened()
			effect.Chunks, effect.Bytes = 0, 0 // a part of the echo may get through
			return effect.String()
		}},
		{"slow_close", "slow_close", attrs{"delay": "1h"}, func(t *testing.T, l *link, old client, in *Injected) string {
			old.echoes("one")
			old.Close()
			require.Never(t, func() bool { return len(l.ended()) > 0 }, quiet, time.Millisecond)
			effect := l.heal(in)
			require.Eventually(t, func() bool { return len(l.ended()) == 1 }, 5*time.Second, time.Millisecond)
			return effect.String()
		}},
		{"timeout", "timeout", nil, func(t *testing.T, l *link, old client, in *Injected) string {
			old.hearsNothing()
			effect := l.heal(in)
			require.NoError(t, old.ends())
			l.opened()
			return effect.String()
		}},
		{"timeout when idle", "timeout", attrs{"timeout": "10ms"}, func(t *testing.T, l *link, old client, in *Injected) string {
			require.NoError(t, old.ends())
			return l.heal(in).String()
		}},
		{"reset_peer", "reset_peer", nil, func(t *testing.T, l *link, old client, in *Injected) string {
			innocent := l.dial()
			fresh := l.dial()
			old.send("one")
			require.ErrorIs(t, old.ends(), syscall.ECONNRESET)
			fresh.send("two")
			require.ErrorIs(t, fresh.ends(), syscall.ECONNRESET)
			require.Eventually(t, func() bool { return len(l.ended()) == 2 }, 5*time.Second, time.Millisecond)
			for _, err := range l.ended() {
				require.ErrorIs(t, err, syscall.ECONNRESET, "the service must see a reset as well")
			}
			effect := l.heal(in)
			innocent.echoes("three")
			innocent.Close()
			require.Eventually(t, func() bool { return len(l.ended()) == 3 }, 5*time.Second, time.Millisecond)
			require.NoError(t, l.ended()[2], "a connection without traffic must not be reset, not even later")
			return effect.String()
		}},
		{"down", Down, nil, func(t *testing.T, l *link, old client, in *Injected) string {
			_ = old.ends() // a reset if it had unread bytes, an end if not
			_, err := net.Dial("tcp", l.Addr())
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
			effect := l.heal(in)
			l.opened()
			return effect.String()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLink(t)
			old := l.opened()
			in := l.inject(tc.kind, tc.attrs)
			effect := tc.act(t, l, old, in)
			require.Equal(t, map[string]string{
				"hold":                "2 connections, 2 chunks, 6 bytes",
				"blackhole":           "2 connections, 2 chunks, 6 bytes",
				"drop":                "1 connection, 1 chunk, 3 bytes",
				"latency":             "1 connection, 1 chunk, 3 bytes",
				"latency that passes": "1 connection, 2 chunks, 6 bytes",
				"bandwidth":           "1 connection",
				"slicer":              "1 connection, 1 chunk, 2 bytes",
				"limit_data":          "1 connection",
				"slow_close":          "1 connection",
				"timeout":             "1 connection",
				"timeout when idle":   "1 connection",
				"reset_peer":          "2 connections, 2 chunks, 6 bytes",
				"down":                "1 connection",
			}[tc.name], effect)
		})
	}
}

// A fault that nothing ran into has no effect, whatever was open meanwhile.
func TestAFaultThatMetNothingSaysSo(t *testing.T) {
	l := newLink(t)
	l.opened()
	for kind, given := range map[string]attrs{
		Hold: nil, "blackhole": nil, "drop": nil, "latency": {"latency": "1ms"}, "bandwidth": {"rate": "1"},
		"slicer": {"average_size": "1"}, "limit_data": {"bytes": "0"}, "slow_close": {"delay": "1ms"}, "reset_peer": nil,
	} {
		require.Empty(t, l.heal(l.inject(kind, given)).String(), kind)
	}
}

func TestAFaultActsOnOneDirectionAlone(t *testing.T) {
	for _, upstream := range []bool{true, false} {
		l := newLink(t)
		c := l.opened()
		f := fault(t, Hold, nil)
		f.Upstream, f.Downstream = upstream, !upstream
		in, err := l.Inject(t.Context(), f)
		require.NoError(t, err)
		c.send("one")
		c.hearsNothing()
		effect := l.heal(in)
		c.receives("one")
		require.Equal(t, Effect{Connections: 1, Chunks: 1, Bytes: 3}, effect)
	}
}

// A link must refuse as long as anybody wants it to: the node behind it may
// come up again while a down is in force, and go down again before its end.
func TestDownAndDisableCompose(t *testing.T) {
	l := newLink(t)
	refused := func(want bool) {
		t.Helper()
		conn, err := net.Dial("tcp", l.Addr())
		if want {
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
			return
		}
		require.NoError(t, err)
		conn.Close()
	}
	address := l.Addr()
	first, second := l.inject(Down, nil), l.inject(Down, nil)
	refused(true)
	require.NoError(t, l.Disable(t.Context()))
	l.heal(first)
	refused(true)
	require.NoError(t, l.Enable(t.Context()))
	refused(true)
	l.heal(second)
	refused(false)
	require.NoError(t, l.Enable(t.Context()), "enabling twice is no mistake")
	require.NoError(t, l.Disable(t.Context()))
	require.NoError(t, l.Disable(t.Context()))
	refused(true)
	require.NoError(t, l.Enable(t.Context()))
	refused(false)
	require.Equal(t, address, l.Addr())
}

// Every fault at once, on links that end in all ways, must neither hang nor
// bring the process down.
func TestFaultsOverlap(t *testing.T) {
	l := newLink(t)
	var in []*Injected
	for range 2 {
		for _, k := range streamKinds() {
			if k.Name == Down {
				continue
			}
			given := map[string]attrs{
				"latency": {"latency": "1ms", "jitter": "1ms"}, "bandwidth": {"rate": "1000"}, "slicer": {"average_size": "3", "size_variation": "2"},
				"limit_data": {"bytes": "20"}, "slow_close": {"delay": "1ms"}, "reset_peer": {"timeout": "1ms"}, "timeout": {"timeout": "1ms"},
			}[k.Name]
			c := l.dial()
			c.send("some bytes that meet the faults")
			in = append(in, l.inject(k.Name, given))
			if len(in) > 4 {
				l.heal(in[0])
				in = in[1:]
			}
		}
	}
	for _, i := range in {
		l.heal(i)
	}
	l.opened()
}

// When limit_data closes a link that still drains, Toxiproxy waits for ever to
// interrupt what is stuck before it, and it forgets to take the stub away: it
// panics when the next toxic is added.
func TestAToxicIsAddedWhileALinkDrains(t *testing.T) {
	l := newLink(t)
	c := l.opened()
	up := func(kind string, given attrs) *Injected {
		f := fault(t, kind, given)
		f.Downstream = false
		in, err := l.Inject(t.Context(), f)
		require.NoError(t, err)
		return in
	}
	fast := up("bandwidth", attrs{"rate": "10000"})
	limit := up("limit_data", attrs{"bytes": "1"})
	slow := up("latency", attrs{"latency": "1h"})
	c.send("abc")
	require.Eventually(t, func() bool { return slow.active.Effect().Bytes == 1 }, 5*time.Second, time.Millisecond)
	for i, text := range []string{"def", "ghi"} { // the meter takes one; then fast is stuck
		c.send(text)
		require.Eventually(t, func() bool { return fast.active.Effect().Bytes == int64(6+3*i) }, 5*time.Second, time.Millisecond)
	}
	l.heal(fast)
	l.heal(limit)
	l.heal(slow)
	l.heal(up(Hold, nil))
	l.opened()
}

// A fault that comes again and again must not leave its toxics in the chain of
// every connection to come.
func TestSpentToxicsAreSweptAway(t *testing.T) {
	l := newLink(t)
	for range 20 {
		l.heal(l.inject("latency", attrs{"latency": "1ms"}))
		l.heal(l.inject("bandwidth", attrs{"rate": "1"}))
	}
	require.Less(t, len(l.toxi.Toxics.GetToxicArray()), 5)
	l.opened()
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	var busy sync.WaitGroup
	l := newLink(t)
	for _, k := range streamKinds() {
		if k.Name == Down {
			continue
		}
		c := l.opened()
		in := l.inject(k.Name, map[string]attrs{
			"latency": {"latency": "1h"}, "bandwidth": {"rate": "1"}, "slicer": {"average_size": "1", "delay": "1h"},
			"limit_data": {"bytes": "1"}, "slow_close": {"delay": "1h"},
		}[k.Name])
		fresh := l.dial()
		for _, c := range []client{c, fresh} {
			c.send("bytes that run into it")
			busy.Go(func() { c.Write(make([]byte, 200_000)) }) // so many that some wait for the toxic to take them
		}
		ours := Stays(k.toxic(in.active.fault.Values))
		if !ours { // they know no other end than being taken away
			l.heal(in)
		}
		require.NoError(t, l.Disable(t.Context()))
		busy.Wait()
		require.NoError(t, l.Enable(t.Context()))
		if ours {
			l.heal(in)
		}
	}
	require.NoError(t, l.server.Close())
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+3 }, 5*time.Second, time.Millisecond,
		"goroutines of connections that are closed go on") // the service, and what Eventually itself runs
}

func TestAProxyStaysOnThisMachine(t *testing.T) {
	s := NewServer()
	for _, tc := range []struct{ listen, upstream, says string }{
		{"0.0.0.0:0", "127.0.0.1:1", "not on this machine"},
		{"[::]:0", "127.0.0.1:1", "not on this machine"},
		{":0", "127.0.0.1:1", "no IP address"},
		{"", "127.0.0.1:1", "no IP address"},
		{"localhost:0", "127.0.0.1:1", "no IP address"},
		{"127.0.0.1:0", "192.0.2.1:80", "not on this machine"},
		{"127.0.0.1:0", "example.com:80", "no IP address"},
		{"127.0.0.1:0", "127.0.0.1:0", "no port"},
		{"127.0.0.1", "127.0.0.1:1", "no IP address"},
	} {
		_, err := s.Add("x", tc.listen, tc.upstream)
		require.ErrorContains(t, err, tc.says, "%s to %s", tc.listen, tc.upstream)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = s.Add("x", taken.Addr().String(), "127.0.0.1:1")
	require.ErrorIs(t, err, syscall.EADDRINUSE)

	_, err = s.Add("x", "127.0.0.1:0", "127.0.0.1:1")
	require.NoError(t, err)
	_, err = s.Add("x", "127.0.0.1:0", "127.0.0.1:1")
	require.ErrorContains(t, err, "already exists")
	require.NoError(t, s.Close())
}

func TestAClosedServerRefuses(t *testing.T) {
	l := newLink(t)
	l.inject(Hold, nil)
	require.NoError(t, l.server.Close())
	require.Error(t, l.Enable(t.Context()))
	_, err := l.Inject(t.Context(), fault(t, Hold, nil))
	require.Error(t, err)
	require.NoError(t, l.server.Close(), "closing twice is no mistake")
}

func TestACallThatHangsIsReported(t *testing.T) {
	l := newLink(t)
	in := l.inject("limit_data", attrs{"bytes": "1"})
	l.toxi.Toxics.Lock() // as a call on a stalled reader holds it
	ctx, cancel := context.WithTimeout(t.Context(), quiet)
	defer cancel()
	_, err := in.Heal(ctx)
	require.ErrorIs(t, err, ErrHung)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = l.Inject(ctx, fault(t, Hold, nil))
	require.ErrorIs(t, err, ErrHung)
	l.toxi.Toxics.Unlock()
	require.NoError(t, l.Disable(t.Context()), "it goes on when the hang is over")
	require.Never(t, func() bool {
		return slices.ContainsFunc(l.toxi.Toxics.GetToxicArray(), func(toxic toxics.Toxic) bool {
			return toxic.(*toxics.ToxicWrapper).Type == Hold
		})
	}, quiet, time.Millisecond, "what was given up must not be done later")
}
