package check

import "fmt"

// Integrity names the property.
const Integrity = "integrity"

// integrity holds when an entry whose operation is known carries its bytes.
// Entries that are nobody's are phantoms, not corrupted messages.
func integrity() Checker {
	return Checker{
		Property: Integrity,
		Doc:      "Every message in the log carries the bytes that were sent.",
		Judge: func(r *Run) Verdict {
			var known int
			var corrupted findings
			seen := map[*operation]bool{} // a message with two bad copies is one
			for _, e := range r.log {
				if e.op == nil {
					continue
				}
				known++
				if sent := e.op.invoke.Value; e.Value != sent && !seen[e.op] {
					seen[e.op] = true
					is, was := contrasted(e.Value, sent)
					corrupted.add(e.op.name(), e.op.message(), fmt.Sprintf("is %s in the log and was sent as %s", is, was))
				}
			}
			switch {
			case known == 0:
				return unknown("no message is in the log")
			case corrupted.count > 0:
				return corrupted.violated("messages in the log differ from what was sent")
			}
			return holds("each of %s carries the bytes that were sent", counted(known, "entry", "entries"))
		},
	}
}
