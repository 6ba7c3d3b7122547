package check_test

import (
	"cmp"
	"math"
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

func (o *oracle) replied(op int) (judged, wrong bool) {
	c := o.ops[op]
	want, ok := o.says(op, "want")
	if !ok || o.kind(op) != history.OK {
		return false, false
	}
	return true, o.events[c.completion].Value != want
}

// idUnique marks whatever has an identifier that something before it has, and
// is not the same thing.
func (o *oracle) idUnique() finding {
	var saw bool
	var wrong []int
	given := func(op int) string {
		c := o.ops[op]
		if !o.leaves(op) || o.kind(op) != history.OK || o.events[c.completion].ID == o.events[c.invoke].ID {
			return ""
		}
		return o.events[c.completion].ID
	}
	for k := range o.ops {
		if given(k) == "" {
			continue
		}
		saw = true
		first := slices.IndexFunc(o.ops, func(c call) bool { return given(slices.Index(o.ops, c)) == given(k) })
		a, b := o.events[o.ops[first].invoke], o.events[o.ops[k].invoke]
		if a.Node != b.Node || a.Source != b.Source || a.Seq != b.Seq {
			wrong = append(wrong, k)
		}
	}
	for i, e := range o.log {
		if e.ID == "" {
			continue
		}
		saw = true
		first := slices.IndexFunc(o.log, func(f history.Event) bool { return f.ID == e.ID })
		if o.log[first].Value != e.Value {
			wrong = append(wrong, ^i)
		}
	}
	return find(saw, wrong)
}

func (o *oracle) source(property string, entry int) string {
	if property == check.Linearizable { // it names what the log has, not whose
		return ""
	}
	return o.log[entry].Source
}

// use is what an operation, or reading the log, did to a key.
type use struct {
	place     int // the operation; below 0 the entry, or the log's end for none
	kind      string
	value     string
	call, end int64
	certain   bool
}

const never = math.MaxInt64

// uses gathers what concerns one key.
func (o *oracle) uses(key string) []use {
	var all []use
	for k, c := range o.ops {
		in := o.events[c.invoke]
		u := use{place: k, kind: in.Op, value: in.Value, call: in.T, end: never}
		name := in.ID
		if in.Op == "create" {
			name = ""
		}
		switch o.kind(k) {
		case history.Fail:
			continue
		case history.OK:
			out := o.events[c.completion]
			u.certain, u.end = true, out.T
			switch {
			case in.Op == "create":
				name = out.ID
			case in.Op == "read" && out.Detail == "absent":
				u.value = ""
			case in.Op == "read":
				u.value = out.Value
			}
		case history.Info:
			if in.Op == "read" {
				continue
			}
		}
		if in.Op == "delete" {
			u.value = ""
		}
		if slices.Contains([]string{"create", "read", "write", "delete"}, in.Op) && name == key {
			all = append(all, u)
		}
	}
	return all
}

// keys lists the keys of known operations, in their order. Those of which
// nothing is known but writes that may never have been come last.
func (o *oracle) keys() []string {
	var keys []string
	for _, doubtful := range []bool{false, true} {
		for k, c := range o.ops {
			for _, key := range []string{o.events[c.invoke].ID, o.id(k)} {
				named := slices.ContainsFunc(o.uses(key), func(u use) bool { return u.place == k && (doubtful || !o.unseen(key, u)) })
				if key != "" && named && !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// unseen: a write of unknown outcome whose value nobody read.
func (o *oracle) unseen(key string, u use) bool {
	seen := slices.ContainsFunc(append(o.uses(key), o.last(key)...), func(r use) bool { return r.kind == "read" && r.value == u.value })
	return u.kind == "write" && u.value != "" && !u.certain && !seen
}

// last is what the log shows of a key, if it shows any.
func (o *oracle) last(key string) []use {
	healed := int64(-1)
	for _, e := range o.events {
		if e.Kind == history.Heal && e.Op == "all" {
			healed = e.T
		}
	}
	unkeyed := slices.ContainsFunc(o.log, func(e history.Event) bool { return e.ID == "" })
	if healed < 0 || unkeyed || len(o.log) == 0 {
		return nil
	}
	var all []use
	end := o.log[len(o.log)-1].T
	for i, e := range o.log {
		if e.ID == key {
			all = append(all, use{place: ^i, kind: "read", value: e.Value, call: healed, end: end, certain: true})
		}
	}
	if len(all) == 0 {
		all = append(all, use{place: ^len(o.log), kind: "read", call: healed, end: end, certain: true})
	}
	return all
}

// linearizable tries, for every key, all orders of all that may have happened,
// from every state that the key may have had at first.
func (o *oracle) linearizable() finding {
	var saw bool
	var wrong []int
	for _, key := range o.keys() {
		uses := append(o.uses(key), o.last(key)...)
		saw = saw || slices.ContainsFunc(uses, func(u use) bool { return u.kind == "read" })
		for _, u := range o.uses("") { // creates of no known key
			seen := slices.ContainsFunc(uses, func(r use) bool { return r.kind == "read" && r.value == u.value })
			if u.kind == "create" && u.value != "" && seen {
				u.certain, u.end = false, never
				uses = append(uses, u)
			}
		}
		if place, ok := firstWrong(uses); ok {
			wrong = append(wrong, place)
		}
	}
	return find(saw, wrong)
}

// firstWrong is what completed when the last legal order was lost.
func firstWrong(uses []use) (place int, ok bool) {
	completed := slices.DeleteFunc(slices.Clone(uses), func(u use) bool { return !u.certain })
	slices.SortStableFunc(completed, func(a, b use) int { return cmp.Compare(a.end, b.end) })
	for i, u := range completed {
		part := slices.Clone(completed[:i+1])
		for _, other := range uses {
			if slices.Contains(part, other) || other.kind == "read" || other.call > u.end {
				continue
			}
			other.certain, other.end = false, never
			part = append(part, other)
		}
		possible := false
		for _, before := range append([]use{{}, {value: "something else"}}, uses...) {
			possible = possible || legal(before.value, part)
		}
		if !possible {
			return u.place, true
		}
	}
	return 0, false
}

// legal reports whether some order of the uses, of which those that are not
// certain may be left out, can begin with a state.
func legal(state string, rest []use) bool {
	if !slices.ContainsFunc(rest, func(u use) bool { return u.certain }) {
		return true
	}
	for i, u := range rest {
		early := !slices.ContainsFunc(rest, func(other use) bool { return other.certain && other.end < u.call })
		fits := u.kind == "read" && state == u.value || u.kind == "create" && state == "" || u.kind == "write" || u.kind == "delete"
		if early && fits && legal(u.value, slices.Delete(slices.Clone(rest), i, i+1)) {
			return true
		}
	}
	return false
}
