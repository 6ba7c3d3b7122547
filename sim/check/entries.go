package check

// Entry is one entry of L, and the operation that it is known to be.
type Entry struct {
	Place  int    // of its Final in Events
	Source string // of the operation
	Seq    int64  // 0: it is a phantom
}

// Entries lists the entries of L, in its order, as the checkers read them.
func (r *Run) Entries() []Entry {
	all := make([]Entry, len(r.log))
	n := 0
	for i := range r.Events {
		if n == len(r.log) {
			break
		}
		if &r.Events[i] != r.log[n].Event {
			continue
		}
		all[n].Place = i
		if op := r.log[n].op; op != nil {
			all[n].Source, all[n].Seq = op.invoke.Source, op.invoke.Seq
		}
		n++
	}
	return all
}
