package check

import "fmt"

// FIFO names the property.
const FIFO = "fifo"

// fifo holds when, for each source, the first occurrences in L stand in the
// order of its invokes, over all its incarnations. Gaps are no inversion, and
// neither is a copy that comes late: 1 2 1 3 is in order. Each log has an order
// of its own.
//
// Where order is promised only to a client that waits, x must stand before y
// only if x was ok before y was invoked. Of two that were under way together
// either may come first, and one that timed out may arrive at any later time.
//
// A message is out of order when it stands behind one of its source that was
// invoked later: of 3 1 2 these are 1 and 2, the ones that are late.
func fifo() Checker {
	return Checker{
		Property: FIFO,
		Doc:      "Each source's messages stand in the log in the order in which it invoked them.",
		Judge: func(r *Run) Verdict {
			var pairs bool
			var late findings
			type stream struct{ log, source string }
			latest := map[stream]*operation{} // invoked last of those seen so far
			fixed := map[stream]int{}         // where the order after one of those begins to count
			sources := map[string]bool{}
			known := map[*operation]bool{} // to be late; in two logs it is late once
			for place, e := range r.log {
				if !r.opens(place) {
					continue
				}
				op, s := e.op, stream{e.log(), e.op.invoke.Source}
				sources[s.source] = true
				before, from := latest[s], r.ordered(op)
				if before == nil {
					latest[s], fixed[s] = op, from
					continue
				}
				overtaken := from < before.invoked
				pairs = pairs || overtaken || fixed[s] < op.invoked
				if overtaken && !known[op] {
					known[op] = true
					late.add(op.name(), op.message(), fmt.Sprintf("stands behind %s in %s, and was invoked earlier", before.name(), theLog(s.log)))
				}
				if op.invoked > before.invoked {
					latest[s] = op
				}
				fixed[s] = min(fixed[s], from)
			}
			switch {
			case !pairs && r.Facts.Waits:
				return idle("no log has two messages of one source of which one was acknowledged before the other was invoked")
			case !pairs:
				return idle("no log has two messages of one source")
			case late.count > 0:
				return late.violated("messages stand behind a later one of their source")
			}
			return holds("the messages of %s stand in the order of their invokes", counted(len(sources), "source", "sources"))
		},
	}
}

// ordered is the place in the history behind which an invoke of the same
// source must come later in the log than op.
func (r *Run) ordered(op *operation) int {
	switch {
	case !r.Facts.Waits:
		return op.invoked
	case op.acknowledged():
		return op.completed
	}
	return none
}
