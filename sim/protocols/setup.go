package protocols

import (
	"fmt"
	"math"
	"time"

	"faultlab/sim/world"
)

// roundTrip is how long the way there and back takes where the row is about
// round trips.
const roundTrip = 100 * time.Millisecond

// far is a link over which it takes that long.
func far(there time.Duration) string {
	return fmt.Sprintf("at 0s latency client->server latency=%v", there)
}

// setup counts round trips before the first byte of an answer.
func setup() Row {
	row := Row{
		Name: "setup", Title: "Connection set-up", Glance: "to the first answer",
		How: "Round trips of 100 ms from the first thought of a call to the first byte of its answer, and before its request can leave; then those of a second call. " +
			"A proxy accepts at once and so hides TCP's handshake, in both worlds: its three segments (RFC 9293) are played as a byte each over the same latency, and everything above them is the real code.",
		Cells: claims("required (handshake)", "not required", "required (TCP)", "required (HTTP/2)"),
	}
	row.Cells[0].Finding = "The handshake is one round trip before the first byte may leave, the question is the second."
	row.Cells[1].Finding = "The first datagram is the question."
	row.Cells[2].Finding = "HTTP/1.1 adds nothing to TCP's handshake; and a connection that is kept costs it once, not each time."
	row.Cells[3].Finding = "HTTP/2 itself may send with the handshake's last segment. This gRPC library waits for the server's SETTINGS before it makes a call: a third round trip."
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{{
			World:  Virtual,
			Script: script(protocol, "messages=2 handshake=true patience=5s", far(roundTrip/2)),
			Measures: []Measure{
				trips("to the first answer", 1, func(c call) time.Duration { return c.ended - c.invoked }),
				trips("before the request leaves", 1, func(c call) time.Duration { return c.sent - c.invoked }),
				trips("of the second call", 2, func(c call) time.Duration { return c.ended - c.invoked }),
			},
		}}
	}
	return row
}

// trips measures a time of the n-th call in round trips. Half trips count, and
// the few milliseconds that hops and computing take do not.
func trips(name string, n int, of func(call) time.Duration) Measure {
	return Measure{Name: name, Unit: "round trips", Digits: 1, Of: func(r world.Result) (float64, error) {
		c, err := nth(r, n)
		return math.Round(2*float64(of(c))/float64(roundTrip)) / 2, err
	}}
}
