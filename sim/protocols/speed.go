package protocols

import (
	"errors"
	"time"

	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

const (
	// cold is how many calls of a live run are dropped: connections open, caches
	// fill, the scheduler finds a core. After them gRPC's median still falls by
	// a twentieth, and nobody else's.
	cold = 100
	// few and many are how many calls make a sample of a live run. A rate and a
	// median need few, and the more samples there are the better their middle half
	// is known; a 99th percentile needs a hundred.
	few, many = 20, 100
)

// speed times calls, one after another.
func speed() Row {
	row := Row{
		Name: "speed", Title: "Performance", Glance: "100 ms, rate",
		How: "One client, one call after another over a connection that is kept, 32 bytes each way: calls a second, and how long one takes. Without latency in real processes, behind the proxy, each with its events recorded, which costs all four the same; a sample is twenty calls, or for p99 a hundred. " +
			"With round trips of 10 and 100 ms in the virtual world. Under a loss of 5% each way for UDP alone: TCP repairs losses below a proxy, so that none can be put on it here.",
		Cells: claims("high", "very high", "medium", "very high"),
	}
	row.Cells[0].Finding = "What costs is the round trip. With 10 ms of it no protocol is faster than another by more than the testbed's own hops."
	row.Cells[1].Finding = "It is no faster than TCP once a connection stands; and a loss costs whatever its program waits before it does something about it."
	row.Cells[2].Finding = "Dearer to compute than TCP, and as fast as that over any network."
	row.Cells[3].Finding = "With one call at a time it is the slowest of the four without latency, and as fast as the others with it. What it gains, it gains by many calls at once: see multiplexing."
	row.Cells[1].Contradicts, row.Cells[3].Contradicts = true, true
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{
			{Name: "0 ms", World: Live, Script: script(protocol, "messages=600"), Measures: inBatches(paces(3), few, few, many), Every: 1, Cold: cold},
			{Name: "10 ms", World: Virtual, Script: script(protocol, "messages=200", far(5*time.Millisecond)), Measures: paces(1)},
			{Name: "100 ms", World: Virtual, Script: script(protocol, "messages=200", far(50*time.Millisecond)), Measures: paces(1)},
		}
	}
	row.Cells[1].Probes = append(row.Cells[1].Probes, Probe{
		Name: "10 ms and loss", World: Virtual,
		Script: script("udp", "messages=200 patience=200ms", far(5*time.Millisecond), "at 0s loss client->server probability=5"),
		Measures: append([]Measure{counted("answered", "of 200", func(r world.Result) int { return r.Counts.Acknowledged })},
			paces(1)...),
	})
	return row
}

// paces measures calls a second and the time of one, in milliseconds with so
// many digits.
func paces(digits int) []Measure {
	rate := Measure{Name: "rate", Unit: "calls/s", Digits: 1, Of: func(r world.Result) (float64, error) {
		found, err := answered(r, echo.Ask)
		if err != nil {
			return 0, err
		}
		took := found[len(found)-1].ended - found[0].invoked
		if took <= 0 {
			return 0, errors.New("the calls took no time")
		}
		return float64(len(found)) / took.Seconds(), nil
	}}
	answer := func(c call) time.Duration { return c.received - c.sent }
	return []Measure{rate, delay("p50", .5, digits, answer), delay("p99", .99, digits, answer)}
}
