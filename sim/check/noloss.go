package check

// NoLoss names the property.
const NoLoss = "no-loss"

// noLoss holds when every acknowledged x is in L: E ⊆ L; one that is addressed,
// in each log that it is addressed to. What was not
// acknowledged may be missing; an empty log with something acknowledged is a
// loss of everything, not a run that cannot be judged.
//
// What a delete may have removed may be missing as well. That a deleted x is
// still there is no loss of x: linearizable tells, to which L is a read.
func noLoss() Checker {
	return Checker{
		Property: NoLoss,
		Doc:      "Every acknowledged message is in the log.",
		Judge: func(r *Run) Verdict {
			var acked int
			var lost findings
			for i := range r.ops {
				op := &r.ops[i]
				if op.silent || op.released || !op.acknowledged() {
					continue
				}
				acked++
				if where := op.missing(); where != "" {
					lost.add(op.name(), op.message(), "was acknowledged and is not in "+where)
				}
			}
			switch {
			case acked == 0:
				return unknown("nothing was acknowledged that must be in the log")
			case lost.count > 0:
				return lost.violated("acknowledged messages are missing from " + r.all())
			}
			return holds("each of %s is in %s", counted(acked, "acknowledged message", "acknowledged messages"), r.all())
		},
	}
}
