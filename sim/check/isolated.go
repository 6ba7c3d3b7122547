package check

import "fmt"

// Isolated names the property.
const Isolated = "isolated"

// isolated holds when an operation whose path no active fault touches
// completes ok within the lab's bound, also while a fault is on elsewhere.
//
// An operation at rest, with no fault anywhere, is judged like the others: it
// is an instance of the definition. To demand one with a fault elsewhere would
// leave the property unknown in every run without faults and in every lab with
// one path. Why says how many there were of either sort. Unknown remains where
// faults touched everything that was invoked.
//
// An operation is judged by what touched it until it completed or its time was
// up: a fault that comes later excuses nothing.
func isolated() Checker {
	return Checker{
		Property: Isolated,
		Doc:      "An operation that no fault touches succeeds within the lab's bound, also while others are hit.",
		Judge: func(r *Run) Verdict {
			if r.Facts.Bound <= 0 {
				return unknown("the lab states no bound")
			}
			var untouched, beside int
			var starved findings
			faults, absence := r.faults(), r.absence()
			anytime := anywhere(faults, absence)
			paths := map[string]spans{}
			for i := range r.ops {
				op := &r.ops[i]
				client := op.invoke.Node
				disturbed, known := paths[client]
				if !known {
					disturbed = r.disturbed(client, faults, absence)
					paths[client] = disturbed
				}
				w, inTime := r.trial(op)
				if !inTime && r.end <= w.to || disturbed.meet(w) {
					continue // the history ends first, or a fault touched it
				}
				untouched++
				if anytime.meet(w) {
					beside++
				}
				switch {
				case !inTime:
					starved.add(op.name(), op.message(), fmt.Sprintf("met no fault and had not completed within %s", lasted(r.Facts.Bound)))
				case !op.acknowledged():
					starved.add(op.name(), op.message(), "met no fault and "+fate(op))
				}
			}
			switch {
			case untouched == 0:
				return unknown("every operation met a fault or outlasted the history")
			case starved.count > 0:
				return starved.violated("operations that met no fault did not succeed")
			}
			return holds("all of %s that met no fault succeeded, %d of them while a fault was on elsewhere",
				counted(untouched, "operation", "operations"), beside)
		},
	}
}

// trial is the stretch in which op is judged: until it completed or its time
// was up.
func (r *Run) trial(op *operation) (w span, inTime bool) {
	deadline := op.invoke.T + int64(r.Facts.Bound)
	if op.completion != nil && op.completion.T <= deadline {
		return span{op.invoke.T, op.completion.T}, true
	}
	return span{op.invoke.T, deadline}, false
}
