package proxy

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/stretchr/testify/require"
)

const moment = time.Nanosecond

type attrs map[string]string

func TestNothingPassesAHoldUntilItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, Hold, nil)
		ch := through(a, Conn{Name: "c"})
		for _, text := range []string{"one", "two", "three"} {
			ch.send(text)
		}
		ch.close()
		ch.interrupt()
		texts, ended := ch.got(time.Hour)
		require.Empty(t, texts)
		require.False(t, ended, "the end of the connection got through")

		ch.end(a)
		texts, ended = ch.got(moment)
		require.Equal(t, []string{"one", "two", "three"}, texts)
		require.True(t, ended)
		require.Equal(t, "1 connection, 3 chunks, 11 bytes", a.Effect().String())
	})
}

func TestAHoldPassesWhatComesAfterIt(t *testing.T) {
	for range 20 { // a select that may also see the end draws one of its cases
		synctest.Test(t, func(t *testing.T) {
			a := prepared(t, Hold, nil)
			ch := through(a, Conn{Name: "c"})
			ch.end(a)
			ch.offer("later")
			texts, _ := ch.got(moment)
			require.Equal(t, []string{"later"}, texts)
			require.Empty(t, a.Effect().String(), "it was over before anything came")
			ch.stop()
		})
	}
}

// A blackhole in a partition that heals must not turn into a hold: the bytes
// are gone, and so is the connection.
func TestABlackholeNeverLetsGoOfOldConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, "blackhole", nil)
		old, idle := through(a, Conn{Name: "old"}), through(a, Conn{Name: "idle"})
		fresh := through(a, Conn{Name: "fresh", Fresh: true})
		old.send("lost")
		fresh.send("hangs")
		for _, ch := range []*chain{old, idle, fresh} {
			texts, ended := ch.got(time.Hour)
			require.Empty(t, texts)
			require.False(t, ended)
		}
		old.end(a)
		texts, _ := fresh.got(moment)
		require.Equal(t, []string{"hangs"}, texts)

		old.send("lost too")
		idle.send("lost as well")
		fresh.offer("works")
		old.close()
		for _, ch := range []*chain{old, idle} {
			ch.interrupt()
			texts, ended := ch.got(time.Hour)
			require.Empty(t, texts)
			require.False(t, ended, "the other side was told")
		}
		texts, _ = fresh.got(moment)
		require.Equal(t, []string{"works"}, texts)
		require.Equal(t, "2 connections, 2 chunks, 9 bytes", a.Effect().String())
		old.stop()
		idle.stop()
		fresh.stop()
	})
}

func TestADropSwallowsUntilTheConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, "drop", nil)
		old, fresh := through(a, Conn{Name: "old"}), through(a, Conn{Name: "fresh", Fresh: true})
		old.send("lost")
		fresh.offer("passes")
		texts, _ := fresh.got(moment)
		require.Equal(t, []string{"passes"}, texts)
		old.end(a)
		old.send("lost too")
		texts, ended := old.got(time.Hour)
		require.Empty(t, texts)
		require.False(t, ended)
		old.close()
		_, ended = old.got(moment)
		require.True(t, ended, "the end of the connection must be seen")
		require.Equal(t, "1 connection, 1 chunk, 4 bytes", a.Effect().String())
		fresh.stop()
	})
}

func TestLatencyDelaysInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, "latency", attrs{"latency": "80ms"})
		ch := through(a, Conn{Name: "c"})
		ch.send("one")
		time.Sleep(30 * time.Millisecond)
		ch.send("two")
		ch.interrupt()
		ch.close()
		texts, _ := ch.got(50*time.Millisecond - moment)
		require.Empty(t, texts, "an interrupt must not let it out early")
		texts, _ = ch.got(2 * moment)
		require.Equal(t, []string{"one"}, texts)
		texts, ended := ch.got(29 * time.Millisecond)
		require.Empty(t, texts)
		require.False(t, ended)
		texts, ended = ch.got(time.Millisecond)
		require.Equal(t, []string{"two"}, texts)
		require.True(t, ended)
	})
}

func TestLatencyLetsGoWhenItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, "latency", attrs{"latency": "1h"})
		ch := through(a, Conn{Name: "c"})
		ch.send("one")
		ch.send("two")
		ch.end(a)
		texts, _ := ch.got(moment)
		require.Equal(t, []string{"one", "two"}, texts)
		ch.stop()
	})
}

// Two latencies on one link take the sum of both.
func TestLatenciesAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := prepared(t, "latency", attrs{"latency": "10ms"}), prepared(t, "latency", attrs{"latency": "20ms"})
		first, second := through(a, Conn{Name: "c"}), through(b, Conn{Name: "c"})
		go func() {
			for c := range first.out {
				second.in <- c
			}
			close(second.in)
		}()
		first.send("x")
		first.close()
		texts, _ := second.got(30*time.Millisecond - moment)
		require.Empty(t, texts)
		texts, ended := second.got(2 * moment)
		require.Equal(t, []string{"x"}, texts)
		require.True(t, ended)
	})
}

func TestJitterIsDrawnFromSeedAndConnection(t *testing.T) {
	arrivals := func(seed uint64, conn string) (times []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			f := fault(t, "latency", attrs{"latency": "50ms", "jitter": "50ms"})
			f.Seed = seed
			a, err := Prepare(f)
			require.NoError(t, err)
			ch := through(a, Conn{Name: conn})
			for range 20 {
				start := time.Now()
				ch.send("x")
				<-ch.out
				times = append(times, time.Since(start))
			}
			ch.stop()
		})
		return times
	}
	first := arrivals(1, "a")
	require.Equal(t, first, arrivals(1, "a"), "the same seed and connection must give the same jitter")
	require.NotEqual(t, first, arrivals(2, "a"))
	require.NotEqual(t, first, arrivals(1, "b"))
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(first))), len(first), "no two draws are the same")
	require.Less(t, slices.Min(first), 40*time.Millisecond)
	require.Greater(t, slices.Max(first), 60*time.Millisecond)
	require.LessOrEqual(t, slices.Max(first), 100*time.Millisecond)
}

func TestSlicerKeepsAllBytesInOrder(t *testing.T) {
	text := strings.Repeat("0123456789", 100)
	for _, tc := range []struct {
		name          string
		attrs         attrs
		least, most   int
		spread, whole time.Duration
	}{
		{"even", attrs{"average_size": "10"}, 5, 10, 0, moment},
		{"varied", attrs{"average_size": "10", "size_variation": "9"}, 1, 19, 0, moment},
		{"single bytes", attrs{"average_size": "1"}, 1, 1, 0, moment},
		{"spread", attrs{"average_size": "100", "delay": "1ms"}, 50, 100, 7 * time.Millisecond, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := prepared(t, "slicer", tc.attrs)
				ch := through(a, Conn{Name: "c"})
				ch.send(text)
				ch.close()
				var pieces []string
				if tc.spread > 0 {
					var ended bool
					pieces, ended = ch.got(tc.spread)
					require.Less(t, len(strings.Join(pieces, "")), len(text))
					require.False(t, ended)
				}
				ch.interrupt()
				rest, ended := ch.got(tc.whole)
				require.True(t, ended)
				pieces = append(pieces, rest...)
				require.Equal(t, text, strings.Join(pieces, ""))
				for _, p := range pieces {
					require.GreaterOrEqual(t, len(p), tc.least)
					require.LessOrEqual(t, len(p), tc.most)
				}
				require.Equal(t, "1 connection, 1 chunk, 1000 bytes", a.Effect().String())
			})
		})
	}
}

func TestResetPeerResetsOnTheNextChunk(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after time.Duration
		touch func(*chain)
	}{
		{"at once", 0, func(ch *chain) { ch.send("x") }},
		{"later", 50 * time.Millisecond, func(ch *chain) { ch.send("x") }},
		{"on the end", 0, func(ch *chain) { ch.close() }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := prepared(t, "reset_peer", attrs{"timeout": tc.after.String()})
				ch := through(a, Conn{Name: "c"})
				_, ended := ch.got(time.Hour)
				require.False(t, ended, "nothing has come yet")
				tc.touch(ch)
				if tc.after > 0 {
					ch.interrupt()
					_, ended = ch.got(tc.after - moment)
					require.False(t, ended)
					require.Zero(t, ch.reset.Load())
				}
				texts, ended := ch.got(2 * moment)
				require.Empty(t, texts)
				require.True(t, ended)
				require.EqualValues(t, 1, ch.reset.Load())
				require.EqualValues(t, 1, a.Effect().Connections)
				if tc.name != "on the end" {
					ch.close()
				}
			})
		})
	}
}

func TestResetPeerThatEndsInTimeResetsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := prepared(t, "reset_peer", attrs{"timeout": "1s"})
		ch := through(a, Conn{Name: "c"})
		ch.send("x")
		ch.end(a)
		texts, ended := ch.got(time.Hour)
		require.Equal(t, []string{"x"}, texts)
		require.False(t, ended)
		require.Zero(t, ch.reset.Load())
		ch.stop()
	})
}

func TestToxiproxysOwnAreMetered(t *testing.T) {
	for _, tc := range []struct {
		name   string
		kind   string
		attrs  attrs
		texts  []string // what arrives of abc, def and the end, within 1s
		ended  bool
		effect string
	}{
		{"bandwidth", "bandwidth", attrs{"rate": "1"}, []string{"abc", "def"}, true, "1 connection, 2 chunks, 6 bytes"},
		{"limit_data", "limit_data", attrs{"bytes": "4"}, []string{"abc", "d"}, true, "1 connection, 2 chunks, 6 bytes"},
		{"slow_close", "slow_close", attrs{"delay": "2s"}, []string{"abc", "def"}, false, "1 connection"},
		{"timeout", "timeout", nil, nil, true, "1 connection, 2 chunks, 6 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := prepared(t, tc.kind, tc.attrs)
				ch := through(a, Conn{Name: "c"})
				ch.offer("abc", "def")
				closed := make(chan bool)
				time.AfterFunc(500*time.Millisecond, func() {
					ch.close()
					close(closed)
				})
				texts, ended := ch.got(time.Second)
				require.Equal(t, tc.texts, texts)
				require.Equal(t, tc.ended, ended)
				require.Equal(t, tc.effect, a.Effect().String())
				<-closed
				ch.stop()
			})
		})
	}
}

func TestToxiproxysOwnEndWithoutLoss(t *testing.T) {
	for _, tc := range []struct {
		kind  string
		attrs attrs
	}{{"bandwidth", attrs{"rate": "1"}}, {"slow_close", attrs{"delay": "1h"}}, {"limit_data", attrs{"bytes": "10000"}}} {
		t.Run(tc.kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := prepared(t, tc.kind, tc.attrs)
				ch := through(a, Conn{Name: "c"})
				var all string
				done := make(chan bool)
				go func() {
					texts, ended := ch.got(time.Second)
					require.True(t, ended)
					all = strings.Join(texts, "")
					close(done)
				}()
				long := strings.Repeat("x", 3000)
				ch.offer(long, long)
				time.Sleep(10 * time.Millisecond)
				ch.end(a)
				time.Sleep(10 * time.Millisecond)
				ch.close()
				<-done
				require.Equal(t, 6000, len(all))
			})
		})
	}
}

// Whatever a toxic is doing, it lets itself be interrupted: a caller waits for
// that, and in a bubble all of time with it.
func TestEveryStageCanBeInterruptedWhileItsReaderStalls(t *testing.T) {
	for _, kind := range []string{Hold, "blackhole", "drop", "latency", "slicer", "reset_peer"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				given := map[string]attrs{"latency": {"latency": "0s"}, "slicer": {"average_size": "1"}, "reset_peer": {"timeout": "1h"}}
				a := prepared(t, kind, given[kind])
				ch := through(a, Conn{Name: "c", Fresh: true})
				ch.send("ab")
				synctest.Wait()
				ch.interrupt()
				a.End()
				synctest.Wait()
				ch.interrupt()
				texts, _ := ch.got(moment)
				require.Equal(t, "ab", strings.Join(texts, ""), "the interrupt lost bytes")
				ch.stop()
			})
		})
	}
}

func TestAConnectionThatIsGoneIsLetGo(t *testing.T) {
	for _, kind := range []string{Hold, "blackhole", "drop"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := prepared(t, kind, nil)
				gone := make(chan struct{})
				ch := through(a, Conn{Name: "c", Gone: gone})
				ch.send("x")
				close(gone)
				_, ended := ch.got(moment)
				require.True(t, ended)
				ch.close()
			})
		})
	}
}

func TestAFaultActsInItsDirectionOnly(t *testing.T) {
	f := fault(t, Hold, nil)
	f.Downstream = false
	a, err := Prepare(f)
	require.NoError(t, err)
	require.Len(t, a.Stages(stream.Upstream), 1)
	require.Empty(t, a.Stages(stream.Downstream))

	d := prepared(t, Down, nil)
	require.Empty(t, d.Stages(stream.Upstream))
	d.Cut(2)
	require.Equal(t, "2 connections", d.Effect().String())
}
