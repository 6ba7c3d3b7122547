package proxy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/stretchr/testify/require"

	"faultlab/sim/param"
)

// laneTest drives a lane by hand.
type laneTest struct {
	testing.TB
	*Lane
	now time.Time
	out []string // what came out, with the milliseconds since the start
}

func newLaneTest(t testing.TB) *laneTest {
	return &laneTest{TB: t, Lane: NewLane("client", stream.Upstream), now: time.Unix(0, 0)}
}

func (l *laneTest) took(data []byte) {
	l.out = append(l.out, fmt.Sprintf("%d:%s", l.now.Sub(time.Unix(0, 0)).Milliseconds(), data))
}

// fault puts one on the lane that acts in both directions.
func (l *laneTest) fault(kind string, given attrs) *Active {
	l.Helper()
	a, err := PreparePackets(Fault{Kind: kind, Upstream: true, Downstream: true, Values: valuesOf(l, given), Seed: 1})
	require.NoError(l, err)
	l.Add(a, l.now, l.took)
	return a
}

func valuesOf(t testing.TB, given attrs) param.Values {
	t.Helper()
	list := make(param.List, 0, len(given))
	for name := range given {
		list = append(list, param.Param{Name: name, Default: ""})
	}
	v, err := list.Parse(given)
	require.NoError(t, err)
	return v
}

func (l *laneTest) send(texts ...string) {
	for _, text := range texts {
		l.Send(l.now, []byte(text), l.took)
	}
}

// pass lets a time pass, looking at the lane whenever something is due.
func (l *laneTest) pass(d time.Duration) {
	until := l.now.Add(d)
	for {
		at, some := l.Next()
		if !some || at.After(until) {
			break
		}
		l.now = at
		l.Advance(l.now, l.took)
	}
	l.now = until
}

// cameOut tells what came out since it was asked last.
func (l *laneTest) cameOut(want ...string) {
	l.Helper()
	require.Equal(l, want, l.out)
	l.out = nil
}

func (l *laneTest) heal(a *Active) Effect {
	a.End()
	l.End(a, l.now, l.took)
	return a.Effect()
}

const milli = time.Millisecond

func TestPacketFaults(t *testing.T) {
	for _, tc := range []struct {
		name, kind string
		attrs      attrs
		effect     string
		act        func(l *laneTest, heal func())
	}{
		{"loss", "loss", attrs{"probability": "100"}, "2 datagrams, 3 bytes, 2 lost", func(l *laneTest, heal func()) {
			l.send("a", "bb")
			l.pass(time.Hour)
			l.cameOut()
			heal()
			l.send("c")
			l.cameOut("3600000:c")
		}},
		{"duplicate", "duplicate", attrs{"probability": "100", "copies": "2"}, "2 datagrams, 2 bytes, 4 copies", func(l *laneTest, heal func()) {
			l.send("a", "b")
			l.cameOut("0:a", "0:a", "0:a", "0:b", "0:b", "0:b")
			heal()
			l.send("c")
			l.cameOut("0:c")
		}},
		{"reorder by one", "reorder", attrs{"probability": "100", "delay": "50ms"}, "1 datagram, 1 byte", func(l *laneTest, heal func()) {
			l.send("a")
			l.pass(49 * milli)
			l.cameOut()
			l.pass(milli) // nothing came to pass it: it goes on by itself
			l.cameOut("50:a")
			heal()
		}},
		{"a reorder ends", "reorder", attrs{"probability": "100", "delay": "1h"}, "2 datagrams, 2 bytes", func(l *laneTest, heal func()) {
			l.send("a", "b")
			l.cameOut()
			heal()
			l.send("c")
			l.pass(milli)
			l.cameOut("0:a", "0:b", "0:c")
		}},
		{"corrupt", "corrupt", attrs{"probability": "100", "bits": "3"}, "2 datagrams, 2 bytes, 1 corrupted", func(l *laneTest, heal func()) {
			l.send("")
			l.cameOut("0:")
			sent := []byte("xy")
			l.Send(l.now, sent, func(data []byte) {
				require.Len(l, data, 2)
				require.Equal(l, 3, differentBits(sent, data))
			})
			require.Equal(l, "xy", string(sent), "the sender's own bytes were changed")
			heal()
		}},
		{"corrupt more bits than there are", "corrupt", attrs{"probability": "100", "bits": "1000"}, "1 datagram, 1 byte, 1 corrupted", func(l *laneTest, heal func()) {
			l.Send(l.now, []byte{0b01010101}, func(data []byte) { require.Equal(l, []byte{0b10101010}, data) })
			heal()
		}},
		{"truncate", "truncate", attrs{"bytes": "2"}, "3 datagrams, 6 bytes, 1 truncated", func(l *laneTest, heal func()) {
			l.send("a", "bb", "ccc")
			l.cameOut("0:a", "0:bb", "0:cc")
			heal()
		}},
		{"latency", "latency", attrs{"latency": "80ms"}, "2 datagrams, 2 bytes", func(l *laneTest, heal func()) {
			l.send("a")
			l.pass(10 * milli)
			l.send("b")
			l.pass(80 * milli)
			l.cameOut("80:a", "90:b")
			heal()
		}},
		{"a latency ends", "latency", attrs{"latency": "1h"}, "2 datagrams, 2 bytes", func(l *laneTest, heal func()) {
			l.send("a", "b")
			heal()
			l.send("c")
			l.pass(milli)
			l.cameOut("0:a", "0:b", "0:c")
		}},
		{"bandwidth", "bandwidth", attrs{"rate": "1", "queue": "25"}, "5 datagrams, 50 bytes, 2 lost", func(l *laneTest, heal func()) {
			ten := strings.Repeat("x", 10)
			l.send(ten, ten, ten, ten) // ten bytes take 10 ms; the third finds the queue full
			l.pass(20 * milli)
			l.cameOut("10:"+ten, "20:"+ten)
			l.send(ten)
			l.pass(10 * milli)
			l.cameOut("30:" + ten)
			heal()
		}},
		{"hold", Hold, nil, "2 datagrams, 2 bytes", func(l *laneTest, heal func()) {
			l.send("a", "b")
			l.pass(time.Hour)
			l.cameOut()
			heal()
			l.send("c")
			l.pass(milli)
			l.cameOut("3600000:a", "3600000:b", "3600000:c")
		}},
		{"blackhole", "blackhole", nil, "1 datagram, 1 byte, 1 lost", func(l *laneTest, heal func()) {
			l.send("a")
			heal()
			l.send("b")
			l.cameOut("0:b")
		}},
		{"drop", "drop", nil, "1 datagram, 1 byte, 1 lost", func(l *laneTest, heal func()) {
			l.send("a", "b", "c")
			l.cameOut("0:b", "0:c")
			heal()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLaneTest(t)
			l.send("-")
			l.cameOut("0:-")
			a := l.fault(tc.kind, tc.attrs)
			tc.act(l, func() { require.Equal(t, tc.effect, l.heal(a).String()) })
			l.pass(time.Hour)
			require.Zero(t, l.Waiting())
			require.Empty(t, l.stages, "a fault that is over is still on the lane")
		})
	}
}

func differentBits(a, b []byte) int {
	n := 0
	for i := range a {
		for d := a[i] ^ b[i]; d != 0; d &= d - 1 {
			n++
		}
	}
	return n
}

// Whoever is held back is passed by at least as many as the script says.
func TestReorderCountsWhoPasses(t *testing.T) {
	for _, gap := range []int{1, 3} {
		l := newLaneTest(t)
		a := l.fault("reorder", attrs{"probability": "30", "gap": fmt.Sprint(gap), "delay": "1h"})
		const n = 200
		for i := range n {
			l.send(fmt.Sprint(i))
		}
		held := l.Waiting()
		l.pass(milli)
		overtaken := 0
		for place, text := range l.out {
			var number int
			_, err := fmt.Sscanf(text, "0:%d", &number)
			require.NoError(t, err)
			before := 0 // later ones that came earlier
			for _, other := range l.out[:place] {
				var o int
				_, err := fmt.Sscanf(other, "0:%d", &o)
				require.NoError(t, err)
				if o > number {
					before++
				}
			}
			if before > 0 {
				overtaken++
				require.GreaterOrEqual(t, before, gap, "%d", number)
			}
		}
		require.Len(t, l.out, n-held)
		require.Greater(t, overtaken, 30)
		require.GreaterOrEqual(t, int(a.Effect().Reordered), overtaken)
	}
}

// Without reorder, no jitter changes the order.
func TestJitterKeepsTheOrder(t *testing.T) {
	l := newLaneTest(t)
	l.fault("latency", attrs{"latency": "20ms", "jitter": "20ms"})
	for i := range 100 {
		l.send(fmt.Sprintf("%03d", i))
		l.pass(milli)
	}
	l.pass(time.Second)
	require.Len(t, l.out, 100)
	times := map[string]bool{}
	for i, text := range l.out {
		at, number, _ := strings.Cut(text, ":")
		require.Equal(t, fmt.Sprintf("%03d", i), number)
		times[at] = true
	}
	require.Greater(t, len(times), 10, "it is no jitter if all take as long")
}

func TestWhatAFaultHoldsIsBounded(t *testing.T) {
	l := newLaneTest(t)
	a := l.fault(Hold, nil)
	for range manyDatagrams + 5 {
		l.send("x")
	}
	require.Equal(t, manyDatagrams, l.Waiting())
	require.EqualValues(t, 5, a.Effect().Lost)
	n, bytes := l.Clear()
	require.Equal(t, manyDatagrams, n)
	require.Equal(t, manyDatagrams, bytes)
	for range manyBytes/MaxDatagram + 2 {
		l.Send(l.now, make([]byte, MaxDatagram), l.took)
	}
	require.Equal(t, manyBytes/MaxDatagram, l.Waiting())
	require.EqualValues(t, 7, a.Effect().Lost)
}

// Faults act in the order in which they came, each on what the one before let
// through.
func TestPacketFaultsOverlap(t *testing.T) {
	l := newLaneTest(t)
	slow := l.fault("latency", attrs{"latency": "10ms"})
	twice := l.fault("duplicate", attrs{"probability": "100"})
	l.send("a")
	l.pass(5 * milli)
	hold := l.fault(Hold, nil)
	l.pass(5 * milli)
	l.cameOut()
	require.Equal(t, "1 datagram, 1 byte", l.heal(slow).String())
	require.Equal(t, "1 datagram, 1 byte, 1 copy", l.heal(twice).String())
	require.Equal(t, "2 datagrams, 2 bytes", l.heal(hold).String())
	l.pass(milli)
	l.cameOut("10:a", "10:a")
}

func TestAPacketFaultActsOnOneDirectionAlone(t *testing.T) {
	a, err := PreparePackets(Fault{Kind: "blackhole", Upstream: true})
	require.NoError(t, err)
	for d, want := range map[stream.Direction]int{stream.Upstream: 0, stream.Downstream: 1} {
		l := NewLane("client", d)
		l.Add(a, time.Now(), nil)
		n := 0
		l.Send(time.Now(), []byte("x"), func([]byte) { n++ })
		require.Equal(t, want, n)
	}
}

func TestAFaultKnowsWhatItActsOn(t *testing.T) {
	_, err := PreparePackets(Fault{Kind: "slicer", Upstream: true, Values: valuesOf(t, attrs{"average_size": "3"})})
	require.ErrorContains(t, err, "slicer acts on streams")
	_, err = Prepare(Fault{Kind: "loss", Upstream: true, Values: valuesOf(t, attrs{"probability": "3"})})
	require.ErrorContains(t, err, "loss acts on datagrams")
	for kind, given := range map[string]attrs{
		"loss": {"probability": "0"}, "duplicate": {"probability": "101"}, "reorder": {"probability": "1", "gap": "0"},
		"corrupt": {"probability": "1", "bits": "0"}, "truncate": {"bytes": "65508"}, "bandwidth": {"rate": "1", "queue": "0"},
	} {
		_, err := PreparePackets(Fault{Kind: kind, Upstream: true, Values: valuesOf(t, given)})
		require.ErrorContains(t, err, "is too", kind)
	}
}
