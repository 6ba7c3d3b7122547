package proxy

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// numbered are the faults that leave a datagram's bytes alone, with attributes
// under which each does something.
var numbered = map[string]attrs{
	"loss": {"probability": "30"}, "duplicate": {"probability": "40", "copies": "2"}, "reorder": {"probability": "30", "gap": "2", "delay": "5ms"},
	"latency": {"latency": "7ms", "jitter": "7ms"}, "bandwidth": {"rate": "1", "queue": "40"}, Hold: nil, "blackhole": nil, "drop": nil,
}

// TestLaneConserves: whatever faults come and go, nothing is invented, each
// datagram is accounted for, and only reorder changes the order.
func TestLaneConserves(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := newLaneTest(t)
		var all, inForce []*Active
		sent, reorders := 0, false
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				kind := rapid.SampledFrom([]string{"bandwidth", "blackhole", "drop", "duplicate", "hold", "latency", "loss", "reorder"}).Draw(r, "kind")
				a := l.fault(kind, numbered[kind])
				all, inForce = append(all, a), append(inForce, a)
				reorders = reorders || kind == "reorder"
			case 1:
				if n := len(inForce); n > 0 {
					i := rapid.IntRange(0, n-1).Draw(r, "heal")
					l.heal(inForce[i])
					inForce = append(inForce[:i:i], inForce[i+1:]...)
				}
			case 2:
				l.pass(time.Duration(rapid.IntRange(0, 20).Draw(r, "pass")) * milli)
			default:
				l.send(fmt.Sprint(sent))
				sent++
			}
		}
		requireConserved(r, l, all, sent)
		for _, a := range inForce {
			l.heal(a)
		}
		l.pass(time.Hour)
		require.Zero(r, l.Waiting())
		requireConserved(r, l, all, sent)

		last := -1
		for _, text := range l.out {
			var at, number int
			_, err := fmt.Sscanf(text, "%d:%d", &at, &number)
			require.NoError(r, err)
			require.Less(r, number, sent, "it was never sent")
			require.True(r, reorders || number >= last, "%d came after %d", number, last)
			last = number
		}
	})
}

// requireConserved: sent + copies = out + lost + waiting.
func requireConserved(t require.TestingT, l *laneTest, all []*Active, sent int) {
	var sum Effect
	for _, a := range all {
		sum.Add(a.Effect())
	}
	require.Equal(t, sent+int(sum.Duplicated), len(l.out)+int(sum.Lost)+l.Waiting())
}

// The rates are those that the script says: within four standard deviations,
// which for a fixed seed either always holds or never.
func TestRatesAreAsStated(t *testing.T) {
	const n = 20_000
	for _, percent := range []int{1, 10, 50, 90, 99} {
		for kind, count := range map[string]func(Effect) int64{
			"loss":      func(e Effect) int64 { return e.Lost },
			"duplicate": func(e Effect) int64 { return e.Duplicated },
			"corrupt":   func(e Effect) int64 { return e.Corrupted },
		} {
			l := newLaneTest(t)
			a := l.fault(kind, attrs{"probability": fmt.Sprint(percent)})
			for range n {
				l.send("x")
			}
			p := float64(percent) / 100
			require.InDelta(t, n*p, count(a.Effect()), 4*math.Sqrt(n*p*(1-p)), "%s %d%%", kind, percent)
			require.EqualValues(t, n, a.Effect().Datagrams)
		}
	}
}

// What is drawn hangs on the seed, the client and the count, and on nothing
// else: not on when it is asked, nor on what other clients do.
func TestDrawsReplay(t *testing.T) {
	run := func(pause time.Duration, others int) []string {
		l := newLaneTest(t)
		l.fault("loss", attrs{"probability": "50"})
		var kept []string
		for i := range 100 {
			for range others {
				newLaneTest(t).fault("loss", attrs{"probability": "50"})
			}
			l.Send(l.now, []byte(fmt.Sprint(i)), func(data []byte) { kept = append(kept, string(data)) })
			l.pass(pause)
		}
		return kept
	}
	require.Equal(t, run(0, 0), run(time.Second, 2))
}
