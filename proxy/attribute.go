package proxy

import (
	"fmt"
	"strconv"
	"sync/atomic"
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

// attribute is a number in the JSON of a toxic. It may change while the toxic
// runs: Toxiproxy writes to one, out of a PATCH, before it interrupts it.
type attribute struct{ n atomic.Int64 }

// MarshalJSON implements json.Marshaler.
func (a *attribute) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, a.n.Load(), 10), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *attribute) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is no whole number", text)
	}
	a.n.Store(n)
	return nil
}

// size is the attribute, kept between low and the longest piece that a script
// may ask for. What came another way than through a script must not overflow.
func (a *attribute) size(low int64) int64 { return min(max(a.n.Load(), low), thickest) }

// times is that many units, kept within what a script may ask for.
func (a *attribute) times(unit time.Duration) time.Duration {
	return time.Duration(min(max(a.n.Load(), 0), int64(longest/unit))) * unit
}
