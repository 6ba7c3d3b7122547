package check

import (
	"cmp"
	"math"
	"slices"
)

// span is a stretch of time, both ends included.
type span struct{ from, to int64 }

// forever is the end of what had not ended when the history did.
const forever = math.MaxInt64

// spans are stretches in order that have no instant in common.
type spans struct {
	apart  []span
	before []int64 // how long those before the i-th are together
}

// merged joins what overlaps.
func merged(all []span) spans {
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var s spans
	var sum int64
	for _, next := range all {
		if n := len(s.apart); n > 0 {
			last := &s.apart[n-1]
			if next.from <= last.to {
				last.to = max(last.to, next.to)
				continue
			}
			sum += last.to - last.from
		}
		s.apart = append(s.apart, next)
		s.before = append(s.before, sum)
	}
	return s
}

// meet reports whether any of them has an instant in common with w.
func (s spans) meet(w span) bool {
	i, _ := slices.BinarySearchFunc(s.apart, w.from, func(s span, t int64) int { return cmp.Compare(s.to, t) })
	return i < len(s.apart) && s.apart[i].from <= w.to
}

// within is how much of w they cover.
func (s spans) within(w span) int64 { return s.until(w.to) - s.until(w.from) }

// until is how much they cover of all time up to t.
func (s spans) until(t int64) int64 {
	i, begun := slices.BinarySearchFunc(s.apart, t, func(s span, t int64) int { return cmp.Compare(s.from, t) })
	if !begun {
		i-- // the last one that began before t
	}
	if i < 0 {
		return 0
	}
	return s.before[i] + min(t, s.apart[i].to) - s.apart[i].from
}
