package check

import (
	"fmt"
)

// ReplyMatch names the property.
const ReplyMatch = "reply-match"

// replyMatch holds when each reply that a client takes as the answer to an
// operation is the right one. Only operations that say which that is are
// judged, and only once they are ok: a client that gave up took no answer.
func replyMatch() Checker {
	return Checker{
		Property: ReplyMatch,
		Doc:      "Each reply that a client takes as the answer to an operation is the right answer to it.",
		Judge: func(r *Run) Verdict {
			var answered int
			var mismatched findings
			for i := range r.ops {
				op := &r.ops[i]
				if !op.wanted || !op.acknowledged() {
					continue
				}
				answered++
				if got := op.completion.Value; got != op.want {
					took, right := contrasted(got, op.want)
					mismatched.add(op.name(), op.message(), fmt.Sprintf("took %s for its answer; the right one is %s", took, right))
				}
			}
			switch {
			case answered == 0:
				return idle("no operation that has one right answer was answered")
			case mismatched.count > 0:
				return mismatched.violated("operations took a wrong answer")
			}
			return holds("each of %s is the right one", counted(answered, "answer", "answers"))
		},
	}
}
