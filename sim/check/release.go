package check

import "faultlab/sim/history"

// release marks what a delete may have removed. A delete of unknown outcome may
// take effect at any later time; one that failed removes nothing.
//
// A delete that was acknowledged before x was invoked was of something else of
// that identifier, and does not excuse the loss of x.
func (r *Run) release() {
	until := map[string]int{} // the place up to which a delete of that id may take effect
	for i := range r.ops {
		if op := &r.ops[i]; op.invoke.Op == opDelete && op.outcome() != history.Fail {
			end := none
			if op.acknowledged() {
				end = op.completed
			}
			until[op.invoke.ID] = max(until[op.invoke.ID], end)
		}
	}
	delete(until, "") // it does not say what it deletes
	for i := range r.ops {
		op := &r.ops[i]
		op.released = op.toNobody() || op.invoked < until[op.id()]
	}
}
