package check

import (
	"fmt"
	"strings"
)

// NoDuplicates names the property.
const NoDuplicates = "no-duplicates"

// noDuplicates holds when every x is in L at most once; where a lab keeps
// several logs, at most once in each. It counts messages, not copies: a message
// that stands five times is one.
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
				var copies []string
				for _, s := range op.standings {
					if s.entries > 1 {
						copies = append(copies, fmt.Sprintf("%d times in %s", s.entries, theLog(s.log)))
					}
				}
				if len(copies) > 0 {
					doubled.add(op.name(), op.message(), "stands "+strings.Join(copies, ", "))
				}
			}
			switch {
			case known == 0:
				return unknown("no message is in the log")
			case doubled.count > 0:
				return doubled.violated("messages stand more than once in one log")
			case len(r.logs) > 1:
				return holds("none of %s stands more than once in one log", counted(known, "message", "messages"))
			}
			return holds("each of %s stands once in the log", counted(known, "message", "messages"))
		},
	}
}
