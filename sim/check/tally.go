package check

import "faultlab/sim/history"

// Tally counts what became of a run's operations. Undelivered is counted
// whether or not the lab owes delivery. Recovered are the operations of unknown
// outcome, info or never completed, that are in the log: no violation.
func Tally(r *Run) Counts {
	c := Counts{
		Attempted:   len(r.ops),
		Lost:        noLoss().Judge(r).Count,
		Undelivered: delivered().Judge(r).Count,
		Duplicated:  noDuplicates().Judge(r).Count,
		Reordered:   fifo().Judge(r).Count,
		Unexpected:  noPhantoms().Judge(r).Count,
	}
	for i := range r.ops {
		switch op := &r.ops[i]; op.outcome() {
		case history.OK:
			c.Acknowledged++
		case history.Fail:
		default:
			if op.present() {
				c.Recovered++
			}
		}
	}
	return c
}
