package check

import (
	"cmp"
	"slices"

	"faultlab/sim/history"
)

// mark is what tells an operation or an entry from others. What is not known
// is empty.
type mark struct {
	source string
	seq    int64
	id     string
	value  string
}

// identity is the part of a mark by which an entry can be known; ok is false
// where the mark lacks it. An empty value or id tells nothing: two torn lines
// of which nothing is left are not the same message.
type identity func(mark) (part mark, ok bool)

// A number is one of its source's; without that it tells nothing.
func bySeq(m mark) (mark, bool) {
	return mark{source: m.source, seq: m.seq}, m.seq > 0 && m.source != ""
}

func byValueAndID(m mark) (mark, bool) {
	return mark{source: m.source, id: m.id, value: m.value}, m.id != "" && m.value != ""
}

func byValue(m mark) (mark, bool) { return mark{source: m.source, value: m.value}, m.value != "" }

func byID(m mark) (mark, bool) { return mark{source: m.source, id: m.id}, m.id != "" }

// match finds the operation of each entry.
//
// An entry that bears a number is the operation of that number, or a phantom.
// One without is the operation with its value, or else the one with its id: a
// line with a torn value still is its reading, damaged.
//
// Numbers, values and ids may be shared, by two sensors of one name or after a
// clock was set back. What the log cannot tell apart gets the benefit of the
// doubt: with operations X and Y alike, two entries are X and Y, and only a
// third is a duplicate. But a copy is a copy before weaker evidence is heard:
// with X = (id 5, "a") and Y = (id 5, "b"), the log "a", "a" holds X twice, not
// X and a damaged Y.
//
// An entry that does not say whose it is may be anybody's: the log of two
// sensors of one name has their lines, and no word of which machine.
//
// Each log is read by itself: a line that everybody in a room has is in five
// logs once, not five times in L.
func (r *Run) match() {
	for _, log := range r.logs {
		for _, id := range []identity{bySeq, byValueAndID, byValue, byID} {
			for _, named := range []bool{true, false} {
				if claims := r.claims(log, id, named); len(claims) > 0 {
					r.settle(log.name, id, named, claims)
				}
			}
		}
	}
}

// claims groups the entries of a log that are not known yet by what they tell:
// those that name their source, or those that do not.
func (r *Run) claims(log sublog, id identity, named bool) map[mark][]int {
	claims := map[mark][]int{}
	for _, place := range log.places {
		e := r.log[place]
		m := mark{source: e.Source, id: e.ID, value: e.Value}
		if e.Seq > 0 {
			m = mark{source: e.Source, seq: e.Seq}
		}
		if part, ok := id(m); ok && e.op == nil && named == (e.Source != "") {
			claims[part] = append(claims[part], place)
		}
	}
	return claims
}

// settle gives claimed entries to the operations that are what they tell:
// first one each to those that have none yet, both in their order. The rest
// are copies, of the first that it can be.
func (r *Run) settle(log string, id identity, named bool, claims map[mark][]int) {
	alike := map[mark][]*operation{}
	for i := range r.ops {
		op := &r.ops[i]
		if op.silent {
			continue // an entry with the text of a request is none of its doing
		}
		m := op.mark()
		if !named {
			m.source = ""
		}
		if part, ok := id(m); ok && len(claims[part]) > 0 {
			alike[part] = append(alike[part], op)
		}
	}
	for part, ops := range alike {
		places := claims[part]
		free := slices.DeleteFunc(slices.Clone(ops), func(op *operation) bool { return op.in(log) != nil })
		for i, op := range likeliest(free, log, len(places)) {
			r.identify(places[i], op)
		}
		for _, place := range places[min(len(free), len(places)):] {
			r.identify(place, ops[0])
		}
	}
}

func (r *Run) identify(place int, op *operation) {
	e := &r.log[place]
	e.op = op
	s := op.in(e.log())
	if s == nil {
		op.standings = append(op.standings, standing{log: e.log(), first: place})
		s = &op.standings[len(op.standings)-1]
	}
	s.first = min(s.first, place)
	s.entries++
}

// likeliest picks n of the operations that a log cannot tell apart: those that
// belong in it first, of them the acknowledged ones first, failed ones last.
// Taking the first n instead would report a loss where the missing one is a
// failed write, or belongs in another log.
func likeliest(ops []*operation, log string, n int) []*operation {
	if len(ops) <= n {
		return ops
	}
	picked := slices.Clone(ops)
	slices.SortStableFunc(picked, func(a, b *operation) int { return cmp.Compare(a.doubt(log), b.doubt(log)) })
	picked = picked[:n]
	slices.SortFunc(picked, func(a, b *operation) int { return cmp.Compare(a.invoked, b.invoked) })
	return picked
}

// doubt ranks how unlikely it is that the operation took effect in a log.
func (o *operation) doubt(log string) int {
	doubt := 1
	switch o.outcome() {
	case history.OK:
		doubt = 0
	case history.Fail:
		doubt = 2
	}
	if !o.addressed(log) {
		doubt += 3
	}
	return doubt
}

func (o *operation) mark() mark {
	return mark{o.invoke.Source, o.invoke.Seq, o.id(), o.invoke.Value}
}
