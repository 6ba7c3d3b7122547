package check

import (
	"slices"

	"faultlab/sim/history"
)

// opJoin is the Op of a Final that is no entry: it names the first operation of
// its source that is owed to the log.
const opJoin = "join"

// join is where a log's owner began to listen to a source.
type join struct {
	log, source string
	seq         int64
}

// admit notes a join. Of several in one log the first counts.
func (r *Run) admit(e *history.Event) {
	j := join{e.Node, e.Source, e.Seq}
	if !slices.ContainsFunc(r.joins, func(k join) bool { return k.log == j.log && k.source == j.source }) {
		r.joins = append(r.joins, j)
	}
}

// address leaves an operation addressed only to the logs that had joined its
// source by its number. All that is said of addressed logs then begins at the
// join: who tuned in at 3 has not lost 1 and 2, and agrees with who has them.
//
// A log that tells no join was there from the beginning: one that is empty
// because nothing ever came to it owes everything.
func (r *Run) address() {
	for i := range r.ops {
		op := &r.ops[i]
		late := func(log string) bool {
			return slices.ContainsFunc(r.joins, func(j join) bool {
				return j.log == log && j.source == op.invoke.Source && op.invoke.Seq < j.seq
			})
		}
		if slices.ContainsFunc(op.to, late) {
			op.to = slices.DeleteFunc(slices.Clone(op.to), late)
		}
	}
}

// toNobody: it was addressed, and everybody came later.
func (o *operation) toNobody() bool { return o.to != nil && len(o.to) == 0 }
