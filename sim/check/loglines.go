package check

import "slices"

// LogLine is one entry of L as it is shown to people, or the gap that a
// message left which is not in it.
type LogLine struct {
	Log    string // whose log it stands in; empty where a lab keeps one
	Source string
	Seq    int64 // of its operation; 0: it is none that was invoked, a phantom
	Value  string
	// Nth counts the entries of one operation in one log: 2 is the first copy.
	Nth int
	// Late says that it stands behind one of its source that was invoked later.
	Late bool
	// Missing says that it belongs here and is not: it stands in front of the
	// next entry of its source. Acknowledged tells a lost one from one that is
	// only undelivered.
	Missing, Acknowledged bool
}

// LogLines gives L, log by log, with the messages that are missing from it.
func (r *Run) LogLines() []LogLine {
	late := map[Message]bool{}
	for _, m := range fifo().Judge(r).Messages {
		late[Message{Source: m.Source, Seq: m.Seq}] = true
	}
	gaps := r.gaps()
	var all []LogLine
	for _, log := range r.logs {
		nth := map[*operation]int{}
		for _, place := range log.places {
			e := r.log[place]
			line := LogLine{Log: log.name, Source: e.Source, Value: e.Value}
			if op := e.op; op != nil {
				all = append(all, gaps.before(log.name, op)...)
				nth[op]++
				line.Source, line.Seq, line.Nth = op.invoke.Source, op.invoke.Seq, nth[op]
				line.Late = nth[op] == 1 && late[Message{Source: line.Source, Seq: line.Seq}]
			}
			all = append(all, line)
		}
		all = append(all, gaps.rest(log.name)...)
	}
	// A log without any entry is not among r.logs.
	for _, name := range gaps.names() {
		all = append(all, gaps.rest(name)...)
	}
	return all
}

// gaps are the operations that are missing from each log, in the order of
// their invokes; what was shown is taken out.
type gaps map[string][]*operation

// gaps finds what is lost, and where the lab owes delivery what is undelivered.
func (r *Run) gaps() gaps {
	all := gaps{}
	excused := r.excused()
	for i := range r.ops {
		op := &r.ops[i]
		if op.silent || op.released || !op.acknowledged() && (!r.Facts.Owed || excused(op)) {
			continue
		}
		for _, log := range r.absent(op) {
			all[log] = append(all[log], op)
		}
	}
	return all
}

// absent lists the logs in which an operation's entry belongs and is not.
func (r *Run) absent(op *operation) []string {
	switch {
	case op.to != nil:
		return slices.DeleteFunc(slices.Clone(op.to), func(log string) bool { return op.in(log) != nil })
	case op.present():
		return nil
	case len(r.logs) > 0:
		return []string{r.logs[0].name}
	}
	return []string{""}
}

// before takes the gaps that stand in front of an operation's entry: those of
// its source that were invoked earlier.
func (g gaps) before(log string, op *operation) []LogLine {
	return g.take(log, func(gap *operation) bool {
		return gap.invoke.Source == op.invoke.Source && gap.invoked < op.invoked
	})
}

func (g gaps) rest(log string) []LogLine {
	return g.take(log, func(*operation) bool { return true })
}

func (g gaps) take(log string, which func(*operation) bool) []LogLine {
	if len(g[log]) == 0 {
		return nil // as nearly always: a long log is walked without a copy
	}
	var taken []LogLine
	var left []*operation
	for _, gap := range g[log] {
		if !which(gap) {
			left = append(left, gap)
			continue
		}
		taken = append(taken, LogLine{
			Log: log, Source: gap.invoke.Source, Seq: gap.invoke.Seq, Value: gap.invoke.Value,
			Missing: true, Acknowledged: gap.acknowledged(),
		})
	}
	g[log] = left
	return taken
}

// names lists the logs that still have gaps, by name.
func (g gaps) names() []string {
	var names []string
	for name, left := range g {
		if len(left) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
