package check

import "faultlab/sim/history"

// FailHonest names the property.
const FailHonest = "fail-honest"

// failHonest holds when no operation that completed as failed is in L. One of
// unknown outcome may be: it promised nothing.
func failHonest() Checker {
	return Checker{
		Property: FailHonest,
		Doc:      "Nothing that was answered as failed is in the log.",
		Judge: func(r *Run) Verdict {
			var failed int
			var stored findings
			for i := range r.ops {
				op := &r.ops[i]
				if op.silent || op.outcome() != history.Fail {
					continue
				}
				failed++
				if op.present() {
					stored.add(op.name(), op.message(), "was answered as failed and is in the log")
				}
			}
			switch {
			case failed == 0:
				return idle("nothing was answered as failed")
			case stored.count > 0:
				return stored.violated("messages that were answered as failed are in the log")
			}
			return holds("none of %s is in %s", counted(failed, "failed message", "failed messages"), r.all())
		},
	}
}
