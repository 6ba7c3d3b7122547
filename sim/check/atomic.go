package check

import (
	"cmp"
	"fmt"
)

// Atomic names the property.
const Atomic = "atomic"

// atomic holds when all operations of a batch are in L or none is, whatever
// they completed as: a batch of which the client heard nothing may be there or
// not, half of it must not. A batch of one cannot be half there.
//
// What a delete may have removed is left out: that it is missing does not say
// that it never was there.
//
// A batch counts as one violation. The message is its first missing operation.
func atomic() Checker {
	return Checker{
		Property: Atomic,
		Doc:      "A batch is in the log wholly or not at all.",
		Judge: func(r *Run) Verdict {
			var several int
			var partial findings
			for _, b := range r.batches() {
				if len(b.items) < 2 {
					continue
				}
				several++
				var there, missing *operation // the first of each
				var n int
				for _, op := range b.items {
					switch {
					case op.missing() != "":
						missing = cmp.Or(missing, op)
					default:
						there = cmp.Or(there, op)
						n++
					}
				}
				if there != nil && missing != nil {
					partial.add(b.name(), missing.message(), fmt.Sprintf("is there with %d of its %d operations: %s is, %s is not in %s",
						n, len(b.items), there.name(), missing.name(), missing.missing()))
				}
			}
			switch {
			case several == 0:
				return idle("no batch has two operations that must be in the log")
			case partial.count > 0:
				return partial.violated("batches are there in part")
			}
			return holds("each of %s is in %s wholly or not at all", counted(several, "batch", "batches"), r.all())
		},
	}
}

// batch is what a source wants stored together.
type batch struct {
	source, id string
	items      []*operation // in the order of their invokes
}

func (b *batch) name() string { return fmt.Sprintf("batch %s of %s", b.id, b.source) }

// batches gathers them in the order in which they begin.
func (r *Run) batches() []*batch {
	type key struct{ source, id string }
	var all []*batch
	known := map[key]*batch{}
	for i := range r.ops {
		op := &r.ops[i]
		if op.batch == "" || op.silent || op.released {
			continue
		}
		k := key{op.invoke.Source, op.batch}
		b := known[k]
		if b == nil {
			b = &batch{source: k.source, id: k.id}
			known[k] = b
			all = append(all, b)
		}
		b.items = append(b.items, op)
	}
	return all
}
