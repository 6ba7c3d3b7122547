package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

// Linearizable names the property.
const Linearizable = "linearizable"

// searchTime is how long the search for legal orders may take. It is hard in
// the number of operations under way at once, and those of unknown outcome
// never end.
const searchTime = 5 * time.Second

// linearizable holds when, for each key, there is a legal order of the
// operations on it that keeps the order of those that did not overlap. One of
// unknown outcome may take effect at any time after its invoke, or never; one
// that failed took none.
//
// L is the last read of every key: it tells of a delete that was acknowledged
// and undone, and of a create that nobody read. It lies between the last heal
// and its place in the history. A log whose entries bear no keys is no such
// read, and an empty one may be that of a lab that has none.
//
// The key of a create comes with its ok. One that has none may have made any
// key: it is offered to all keys at which its value was read. That it makes at
// most one of them is not held against it, so that nobody is blamed wrongly.
//
// A key counts as one violation. The message is the first operation at whose
// completion no legal order was left.
func linearizable() Checker {
	return Checker{
		Property: Linearizable,
		Doc:      "For each key there is a legal order of its reads and writes.",
		Judge: func(r *Run) Verdict {
			var operations, undecided int
			var broken findings
			var read bool
			deadline := time.Now().Add(searchTime)
			keys := byKey(r.accesses())
			for _, key := range keys {
				operations += len(key)
				read = read || slices.ContainsFunc(key, func(o porcupine.Operation) bool { return o.Input.(*access).kind == opRead })
				switch search(key, deadline) {
				case porcupine.Unknown:
					undecided++
				case porcupine.Illegal:
					a := culprit(key, deadline)
					broken.add(a.name(), a.message(), a.did()+", and no order of the operations explains it")
				}
			}
			switch {
			case broken.count > 0:
				return broken.violated("keys have no legal order of their operations")
			case undecided > 0:
				return unknown("the search for a legal order took more than %v for %s", searchTime, counted(undecided, "key", "keys"))
			case !read:
				return idle("no key was read")
			}
			return holds("%s on %s have a legal order", counted(operations, "operation", "operations"), counted(len(keys), "key", "keys"))
		},
	}
}

// Visualize draws the operations on each key and the orders that were found,
// as a page that needs nothing else. If keys have no legal order it shows only
// those: their longest orders alone may be as many as their operations.
func Visualize(r *Run, w io.Writer) error {
	all := r.accesses()
	deadline := time.Now().Add(searchTime)
	var broken []porcupine.Operation
	for _, key := range byKey(all) {
		if search(key, deadline) == porcupine.Illegal {
			broken = append(broken, key...)
		}
	}
	if len(broken) > 0 {
		all = broken
	}
	_, info := porcupine.CheckOperationsVerbose(registers, all, searchTime)
	if err := porcupine.Visualize(registers, info, w); err != nil {
		return fmt.Errorf("draw the operations on each key: %w", err)
	}
	return nil
}

func search(key []porcupine.Operation, deadline time.Time) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(registers, key, max(1, time.Until(deadline))) // 0 is no limit
}

// culprit is the access with whose completion a key lost its last legal order.
// A history that has one keeps it when it is cut short, hence halving finds it.
func culprit(key []porcupine.Operation, deadline time.Time) *access {
	completed := slices.DeleteFunc(slices.Clone(key), func(o porcupine.Operation) bool { return !o.Input.(*access).certain })
	slices.SortStableFunc(completed, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	i := sort.Search(len(completed)-1, func(i int) bool {
		return search(until(key, completed[:i+1]), deadline) == porcupine.Illegal
	})
	return completed[i].Input.(*access)
}

// until is a key's history up to the last of those that have completed. What
// was under way then may take effect or not; a read has no effect.
func until(key, completed []porcupine.Operation) []porcupine.Operation {
	last := completed[len(completed)-1].Return
	part := slices.Clone(completed)
	done := map[*access]bool{}
	for _, o := range completed {
		done[o.Input.(*access)] = true
	}
	for _, o := range key {
		a := o.Input.(*access)
		if done[a] || o.Call > last || a.kind == opRead {
			continue
		}
		open := *a
		open.certain = false
		o.Input, o.Return = &open, last
		part = append(part, o)
	}
	return part
}
