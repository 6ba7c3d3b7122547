package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"faultlab/sim/history"
)

// Live names the property.
const Live = "live"

// live holds when every operation completes (ok, fail or info) within the
// lab's bound of its invoke, not counting time its own node was down or
// paused; and when every client's probe, invoked after the last heal,
// completes ok, and is in L where delivery is owed.
//
// An operation whose node was killed or stopped before it completed can
// complete no more: it is stuck only if the bound had passed by then.
//
// Without a probe of every client nothing shows that the lab came back: a
// client that ended at the first error has no late operation either. Without
// a probe live is therefore unknown, and so it is when the history ends before
// an operation's time is up.
func live() Checker {
	return Checker{
		Property: Live,
		Doc:      "Every operation completes within the lab's bound, and the probe after the last heal succeeds.",
		Judge: func(r *Run) Verdict {
			if r.Facts.Bound <= 0 {
				return unknown("the lab states no bound")
			}
			var stuck findings
			var undecided *operation
			probed := map[string]bool{} // every client, true once it has a probe
			absence := r.absence()
			ends := r.places(func(e *history.Event) (node string, ok bool) {
				return e.Node, e.Kind == history.Kill || e.Kind == history.Stop
			})
			for i := range r.ops {
				op := &r.ops[i]
				probed[op.invoke.Node] = r.probe(op)
				took, over := r.took(op, absence[op.invoke.Node], ends)
				if why := r.stuck(op, took); why != "" {
					stuck.add(op.name(), op.message(), why)
				} else if !over {
					undecided = op
				}
			}
			silent := slices.Sorted(maps.Keys(probed))
			silent = slices.DeleteFunc(silent, func(client string) bool { return probed[client] })
			switch {
			case stuck.count > 0:
				return stuck.violated("operations are stuck")
			case r.healed == none:
				return unknown("the history has no last heal, hence no probe")
			case len(silent) > 0:
				return unknown("no probe after the last heal came from %s", strings.Join(silent, ", "))
			case undecided != nil:
				return unknown("the history ends before the time of %s is up", undecided.name())
			}
			return holds("all of %s completed within %s, and the probes succeeded",
				counted(len(r.ops), "operation", "operations"), lasted(r.Facts.Bound))
		},
	}
}

// took is how long op was under way while its node was there. over is false
// where the history ends first.
func (r *Run) took(op *operation, absence spans, ends map[string]places) (d time.Duration, over bool) {
	to := r.end
	if op.completion != nil {
		to, over = op.completion.T, true
	} else if end := ends[op.invoke.Node].after(op.invoked); end < none {
		to, over = r.Events[end].T, true
	}
	w := span{op.invoke.T, to}
	return time.Duration(w.to - w.from - absence.within(w)), over
}

// stuck says what is wrong with op, or nothing.
func (r *Run) stuck(op *operation, took time.Duration) string {
	switch {
	case took > r.Facts.Bound && op.completion == nil:
		return fmt.Sprintf("had not completed %s after its invoke; the bound is %s", lasted(took), lasted(r.Facts.Bound))
	case took > r.Facts.Bound:
		return fmt.Sprintf("completed %s after its invoke; the bound is %s", lasted(took), lasted(r.Facts.Bound))
	case r.probe(op) && !op.acknowledged():
		return "is the probe after the last heal and " + fate(op)
	}
	if where := op.missing(); where != "" && r.probe(op) && r.Facts.Owed && !op.silent && !op.released {
		return "is the probe after the last heal and is not in " + where
	}
	return ""
}

// fate says how an operation that is not ok ended.
func fate(op *operation) string {
	if op.completion == nil {
		return "never completed"
	}
	why := "completed as " + string(op.outcome())
	if op.completion.Detail != "" {
		why += ": " + op.completion.Detail
	}
	return why
}
