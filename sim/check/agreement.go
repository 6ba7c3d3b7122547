package check

import (
	"fmt"
	"slices"
)

// Agreement names the property.
const Agreement = "agreement"

// agreement holds when any two logs have the same entries in the same order,
// of the operations that are addressed to both. Each may have others besides:
// a speaker's own line is on its own screen, and addressed to the others.
//
// All occurrences are compared, the copies too: a line that only one of two
// people read twice is a difference between them.
//
// A pair of logs counts as one violation. The message is what stands where they
// part.
func agreement() Checker {
	return Checker{
		Property: Agreement,
		Doc:      "Any two logs have the same messages in the same order, of those that are addressed to both.",
		Judge: func(r *Run) Verdict {
			var pairs int
			var diverged findings
			names := r.addressees()
			for i, a := range names {
				for _, b := range names[i+1:] {
					as, bs := r.shared(a, b), r.shared(b, a)
					if len(as)+len(bs) == 0 {
						continue
					}
					pairs++
					if n := common(as, bs); n < len(as) || n < len(bs) {
						op, why := parting(theLog(a), as[n:], theLog(b), bs[n:])
						diverged.add(a+" and "+b, op.message(), "differ: "+why)
					}
				}
			}
			switch {
			case pairs == 0:
				return idle("no two logs have messages that are addressed to both")
			case diverged.count > 0:
				return diverged.violated("pairs of logs differ")
			}
			return holds("each of %s has the same messages in the same order", counted(pairs, "pair of logs", "pairs of logs"))
		},
	}
}

// addressees names the logs that operations are addressed to, also those that
// have no entry: an empty log is a log.
func (r *Run) addressees() []string {
	var names []string
	for i := range r.ops {
		for _, log := range r.ops[i].to {
			if !slices.Contains(names, log) {
				names = append(names, log)
			}
		}
	}
	return names
}

// shared are the entries of a log whose operations are addressed to another
// log as well.
func (r *Run) shared(log, other string) []*operation {
	l := r.sublog(log)
	if l == nil {
		return nil
	}
	var ops []*operation
	for _, place := range l.places {
		op := r.log[place].op
		if op != nil && slices.Contains(op.to, log) && slices.Contains(op.to, other) {
			ops = append(ops, op)
		}
	}
	return ops
}

// common is how many entries the two begin with alike.
func common(a, b []*operation) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// parting says what the two logs have where they part, and which operation
// stands there. as and bs are the rest of them, of which one may be empty.
func parting(a string, as []*operation, b string, bs []*operation) (op *operation, why string) {
	switch {
	case len(as) == 0:
		return bs[0], fmt.Sprintf("%s has %s where %s has no more", b, bs[0].name(), a)
	case len(bs) == 0:
		return as[0], fmt.Sprintf("%s has %s where %s has no more", a, as[0].name(), b)
	}
	return as[0], fmt.Sprintf("%s has %s where %s has %s", a, as[0].name(), b, bs[0].name())
}
