package check

import "faultlab/sim/history"

// Delivered names the property.
const Delivered = "delivered"

// delivered holds when every x in A is in L, acknowledged or not, unless the
// node that invoked it suffered a kill, a power cut or a tear between the
// invoke and the ok: a client that dies half-way through its append owes
// nothing for it. Without an ok, anything later is "between".
//
// A failed operation is owed as well: the lab promised to deliver what it was
// given, and giving up is not delivering.
func delivered() Checker {
	return Checker{
		Property: Delivered,
		Doc:      "Every invoked message is in the log, unless its client was killed, or lost power, before the acknowledgement.",
		Judge: func(r *Run) Verdict {
			var owed int
			var missing findings
			excused := r.excused()
			for i := range r.ops {
				op := &r.ops[i]
				if op.silent || op.released || excused(op) {
					continue
				}
				owed++
				if where := op.missing(); where != "" {
					missing.add(op.name(), op.message(), "was invoked and is not in "+where)
				}
			}
			switch {
			case owed == 0:
				return unknown("nothing was owed: what is to be in the log was deleted, or its client killed before the acknowledgement")
			case missing.count > 0:
				return missing.violated("invoked messages are missing from " + r.all())
			}
			return holds("each of %s is in %s", counted(owed, "message", "messages"), r.all())
		},
	}
}

// excused tells which operations lost their client's memory or files before
// they were acknowledged. A tear needs no case of its own: the node dies in
// it, and that is recorded as a kill. A power cut does: it also takes the files
// of a node that was stopped before, which no kill tells.
func (r *Run) excused() func(*operation) bool {
	kills := r.places(func(e *history.Event) (node string, ok bool) { return e.Node, e.Kind == history.Kill })
	cuts := r.places(func(e *history.Event) (host string, ok bool) {
		return r.host(e.Node), e.Kind == history.Fault && e.Op == "powercut"
	})
	return func(op *operation) bool {
		until := none
		if op.acknowledged() {
			until = op.completed
		}
		node := op.invoke.Node
		return min(kills[node].after(op.invoked), cuts[r.host(node)].after(op.invoked)) < until
	}
}
