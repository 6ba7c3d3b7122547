package check_test

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/history"
)

// says is what an operation's invoke says after a word.
func (o *oracle) says(op int, word string) (text string, ok bool) {
	rest := "; " + o.events[o.ops[op].invoke].Detail
	before, want, wants := strings.Cut(rest, "; want ")
	if word == "want" {
		return want, wants
	}
	_, text, ok = strings.Cut(before, "; "+word+" ")
	text, _, _ = strings.Cut(text, "; ")
	return text, ok
}

func (o *oracle) to(op int) (logs []string, told bool) {
	text, told := o.says(op, "to")
	return strings.Split(text, ","), told
}

// logs lists the logs that have entries, in the order in which they begin.
func (o *oracle) logs() (names []string) {
	for _, e := range o.log {
		if !slices.Contains(names, e.Node) {
			names = append(names, e.Node)
		}
	}
	return names
}

// within are the operations of a log's entries, the phantoms left out.
func (o *oracle) within(log string) (ops []int) {
	for i, k := range o.of {
		if k >= 0 && o.log[i].Node == log {
			ops = append(ops, k)
		}
	}
	return ops
}

// opens: the entry is the first of its operation in its log.
func (o *oracle) opens(i int) bool {
	for j := range i {
		if o.of[j] == o.of[i] && o.log[j].Node == o.log[i].Node {
			return false
		}
	}
	return o.of[i] >= 0
}

// lacks: a log in which the operation's entry belongs does not have it.
func (o *oracle) lacks(op int) bool {
	to, told := o.to(op)
	if !told {
		return len(o.entries(op)) == 0
	}
	return slices.ContainsFunc(to, func(log string) bool { return !slices.Contains(o.within(log), op) })
}

func (o *oracle) doubled(op int) bool {
	for _, i := range o.entries(op) {
		for _, j := range o.entries(op) {
			if i != j && o.log[i].Node == o.log[j].Node {
				return true
			}
		}
	}
	return false
}

// knew: the client of y knew of x when it invoked y.
func (o *oracle) knew(y, x int) bool {
	node := func(op int) string { return o.events[o.ops[op].invoke].Node }
	called := func(op int) string {
		e := o.events[o.ops[op].invoke]
		return fmt.Sprintf("%s/%d", e.Source, e.Seq)
	}
	if o.kind(x) == history.OK && node(x) == node(y) && o.ops[x].completion < o.ops[y].invoke {
		return true
	}
	for k := range o.ops {
		if k != x && called(k) == called(x) {
			return false // it may have been shown that one
		}
	}
	for z := x + 1; z <= y; z++ {
		saw, _ := o.says(z, "saw")
		if node(z) == node(y) && slices.Contains(strings.Split(saw, ","), called(x)) {
			return true
		}
	}
	return false
}

func (o *oracle) causal() finding {
	var saw bool
	var wrong []int
	for _, log := range o.logs() {
		for i, x := range o.of {
			for j, y := range o.of {
				if o.log[i].Node != log || o.log[j].Node != log || !o.opens(i) || !o.opens(j) || !o.knew(y, x) {
					continue
				}
				saw = true
				if j < i && !slices.Contains(wrong, x) {
					wrong = append(wrong, x)
				}
			}
		}
	}
	return find(saw, wrong)
}

// atomic names a batch by its first missing operation.
func (o *oracle) atomic() finding {
	var saw bool
	var wrong []int
	batch := func(op int) string {
		id, ok := o.says(op, "batch")
		if !ok || !o.owes(op) {
			return ""
		}
		return o.events[o.ops[op].invoke].Source + " " + id
	}
	for first := range o.ops {
		var items, missing []int
		for k := range o.ops {
			if batch(k) == "" || batch(k) != batch(first) {
				continue
			}
			items = append(items, k)
			if o.lacks(k) {
				missing = append(missing, k)
			}
		}
		if len(items) < 2 || items[0] != first {
			continue
		}
		saw = true
		if len(missing) > 0 && len(missing) < len(items) {
			wrong = append(wrong, missing[0])
		}
	}
	return find(saw, wrong)
}

// agreement names a pair of logs by what the first has where they part, or the
// second where the first has no more.
func (o *oracle) agreement() finding {
	var saw bool
	var wrong []int
	var names []string
	for k := range o.ops {
		if to, told := o.to(k); told {
			names = append(names, to...)
		}
	}
	for i, a := range names {
		for j, b := range names {
			if j <= i || a == b || slices.Index(names, a) < i || slices.Index(names, b) < j {
				continue
			}
			one, other := o.shared(a, b), o.shared(b, a)
			saw = saw || len(one) > 0 || len(other) > 0
			for n := range max(len(one), len(other)) {
				switch {
				case n >= len(one):
					wrong = append(wrong, other[n])
				case n >= len(other) || one[n] != other[n]:
					wrong = append(wrong, one[n])
				default:
					continue
				}
				break
			}
		}
	}
	return find(saw, wrong)
}

// shared are the operations of a log's entries that are addressed to another
// as well.
func (o *oracle) shared(log, other string) []int {
	return slices.DeleteFunc(o.within(log), func(op int) bool {
		to, told := o.to(op)
		return !told || !slices.Contains(to, log) || !slices.Contains(to, other)
	})
}
