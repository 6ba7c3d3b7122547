package check

import "fmt"

// NoPhantoms names the property.
const NoPhantoms = "no-phantoms"

// noPhantoms holds when L ⊆ A. An entry that cannot be identified, a torn line
// or one that nobody sent, is a phantom.
func noPhantoms() Checker {
	return Checker{
		Property: NoPhantoms,
		Doc:      "The log has nothing that was not invoked.",
		Judge: func(r *Run) Verdict {
			var phantoms findings
			for i, e := range r.log {
				if e.op == nil {
					phantoms.add(r.entry(i), Message{Source: e.Source, Value: e.Value},
						fmt.Sprintf("is no message that was invoked: %s", quoted(e.Value)))
				}
			}
			switch {
			case len(r.log) == 0:
				return unknown("the log is empty")
			case phantoms.count > 0:
				return phantoms.violated("entries of the log are no message that was invoked")
			}
			return holds("each of %s is a message that was invoked", counted(len(r.log), "entry", "entries"))
		},
	}
}
