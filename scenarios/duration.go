package scenarios

import (
	"regexp"
	"strings"
	"time"
)

// maxTime bounds every time in a script. A longer one is a slip of the unit:
// no lab has a period near it, and live it would be waited for.
const maxTime = time.Hour

// FormatDuration writes a duration as Go does, without the parts that are
// zero: 1m, not 1m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// duration reads a time that is at least low.
func (m *mistakes) duration(w word, low time.Duration) (time.Duration, bool) {
	d, err := time.ParseDuration(w.text)
	switch {
	case err != nil:
		m.add(w.pos, "%s", notDuration(w.text))
	case d < 0:
		m.add(w.pos, "%s is negative; time in a script only runs forwards", w.text)
	case d == 0 && low == time.Nanosecond:
		m.add(w.pos, "%s is no time at all; leave it away or write a longer one", w.text)
	case d < low:
		m.add(w.pos, "%s is too short here; the least is %s", w.text, FormatDuration(low))
	case d > maxTime:
		m.add(w.pos, "%s is too long; the most is %s", w.text, FormatDuration(maxTime))
	default:
		return d, true
	}
	return 0, false
}

var (
	bareNumber = regexp.MustCompile(`^[-+]?[0-9]*\.?[0-9]+$`)
	wordyUnit  = regexp.MustCompile(`^([0-9.]+)(msecs?|millis|secs?|seconds?|mins?|minutes?|hours?)$`)
)

// goUnits gives Go's unit for the first letters of a spelt-out one.
var goUnits = []struct{ prefix, unit string }{{"mse", "ms"}, {"mil", "ms"}, {"sec", "s"}, {"min", "m"}, {"hou", "h"}}

// notDuration says how to write what was meant as a duration.
func notDuration(text string) string {
	if bareNumber.MatchString(text) {
		return text + " has no unit; write " + text + "ms, or s, or m"
	}
	if point := strings.Replace(text, ",", ".", 1); point != text && isDuration(point) {
		return quote(text) + " is no duration; write " + point
	}
	if parts := wordyUnit.FindStringSubmatch(text); parts != nil {
		for _, u := range goUnits {
			if strings.HasPrefix(parts[2], u.prefix) {
				return quote(text) + " is no duration; write " + parts[1] + u.unit
			}
		}
	}
	return quote(text) + " is no duration; write it like 250ms or 1.5s"
}

func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}
