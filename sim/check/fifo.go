package check

import "fmt"

// FIFO names the property.
const FIFO = "fifo"

// fifo holds when, for each source, the first occurrences in L stand in the
// order of its invokes, over all its incarnations. Gaps are no inversion, and
// neither is a copy that comes late: 1 2 1 3 is in order.
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
			latest := map[string]*operation{} // of those seen so far, by source
			for place, e := range r.log {
				if e.op == nil || e.op.first != place {
					continue
				}
				source := e.op.invoke.Source
				before := latest[source]
				pairs = pairs || before != nil
				if before != nil && e.op.invoked < before.invoked {
					late.add(e.op.name(), e.op.message(), fmt.Sprintf("stands behind %s, which was invoked later", before.name()))
					continue
				}
				latest[source] = e.op
			}
			switch {
			case !pairs:
				return unknown("the log has no two messages of one source")
			case late.count > 0:
				return late.violated("messages stand behind a later one of their source")
			}
			return holds("the messages of %s stand in the order of their invokes", counted(len(latest), "source", "sources"))
		},
	}
}
