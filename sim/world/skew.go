package world

import (
	"time"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

func skewFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name: skew,
			On:   scenarios.OnNode,
			Attrs: param.List{{
				Name: "offset", Default: time.Duration(0), Required: true, Min: -1000 * time.Hour, Max: 1000 * time.Hour,
				Doc: "How far the clock is off: negative is set back.",
			}},
			Doc:    "The node's wall clock is off, as after a correction by hand or by NTP. Durations are not: those are measured with the monotonic clock.",
			Effect: "the node read its clock",
		},
	}
}

// Clock gives what the node's wall clock shows at t.
func (in *Inside) Clock(t time.Time) time.Time {
	for _, f := range in.meet(skew) {
		t = t.Add(f.values.Duration("offset"))
	}
	return t
}
