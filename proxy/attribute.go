package proxy

import (
	"fmt"
	"time"

	"faultlab/sim/param"
)

// What an attribute may be at most. The bounds keep Toxiproxy's arithmetic from
// overflowing (it multiplies a rate by 100 and slices by the product) and are
// far above all that a run can tell apart.
const (
	longest  = 24 * time.Hour
	fastest  = 10_000_000 // KB/s
	largest  = 1 << 30    // bytes of a connection
	thickest = 1 << 20    // bytes of a piece
)

// milliseconds declares a duration that Toxiproxy counts in milliseconds.
func milliseconds(name, doc string) param.Param {
	return param.Param{Name: name, Default: time.Duration(0), Max: longest, Doc: doc}
}

func required(p param.Param) param.Param {
	p.Required = true
	return p
}

// whole refuses durations that are no multiple of the unit in which Toxiproxy
// takes them. timeout=500us would reach it as 0, which means for ever.
func whole(unit time.Duration, names ...string) func(param.Values) error {
	return func(v param.Values) error {
		for _, name := range names {
			if d := v.Duration(name); d%unit != 0 {
				return &param.Error{Name: name, Err: fmt.Errorf("%v is no multiple of %v, the unit in which Toxiproxy counts it", d, unit)}
			}
		}
		return nil
	}
}

// times is n units, kept between 0 and the longest that a script may say: a
// toxic that came another way than through a script must not overflow.
func times(n int64, unit time.Duration) time.Duration {
	return time.Duration(min(max(n, 0), int64(longest/unit))) * unit
}
