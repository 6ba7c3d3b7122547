package check

import "fmt"

// NoDuplicates names the property.
const NoDuplicates = "no-duplicates"

// noDuplicates holds when every x is in L at most once. It counts messages,
// not copies: a message that stands five times is one.
func noDuplicates() Checker {
	return Checker{
		Property: NoDuplicates,
		Doc:      "Every message is in the log at most once.",
		Judge: func(r *Run) Verdict {
			var known int
			var doubled findings
			for i := range r.ops {
				op := &r.ops[i]
				if op.present() {
					known++
				}
				if op.entries > 1 {
					doubled.add(op.name(), op.message(), fmt.Sprintf("stands %d times in the log", op.entries))
				}
			}
			switch {
			case known == 0:
				return unknown("no message is in the log")
			case doubled.count > 0:
				return doubled.violated("messages stand more than once in the log")
			}
			return holds("each of %s stands once in the log", counted(known, "message", "messages"))
		},
	}
}
