package world

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/history"
)

// schedule starts the steps that go by the clock.
func (r *run) schedule(ctx context.Context) {
	for _, rep := range r.reports {
		switch {
		case rep.step.When != nil:
		case rep.step.Every > 0:
			r.started.Go(func() { r.repeat(ctx, rep) })
		default:
			r.started.Go(func() {
				if r.sleepUntil(ctx, r.origin+rep.step.At+rep.nudge) {
					r.inForce(ctx, rep, 0)
				}
			})
		}
	}
}

// repeat carries out an `every` step: as often as it says, or until the
// workload ends.
func (r *run) repeat(ctx context.Context, rep *report) {
	for n := 1; rep.step.Times == 0 || n <= rep.step.Times; n++ {
		at := time.Duration(n) * rep.step.Every
		if rep.step.Times == 0 && at > r.nominal() {
			return
		}
		if !r.sleepUntil(ctx, r.origin+at+rep.nudge) {
			return
		}
		r.inForce(ctx, rep, 0)
	}
}

// inForce begins a step's fault and, if it has a length, ends it after that.
func (r *run) inForce(ctx context.Context, rep *report, floor int64) {
	u := r.begin(ctx, rep, floor)
	if u == nil || rep.step.Fault.For == 0 || rep.step.Fault.Name == tear {
		return
	}
	r.endAfter(u)
}

// endAfter ends a fault when its time is over, or with the run.
func (r *run) endAfter(u *use) {
	r.started.Go(func() {
		ctx := context.Background()
		r.sleepUntil(ctx, r.cluster.Elapsed()+u.fault.For+u.report.nudge)
		r.end(ctx, u)
	})
}

// sleepUntil waits for a time of the cluster; false: the run went on without. It
// is an odd number of nanoseconds: in the virtual world what nodes do by
// themselves comes at even ones, and no fault meets them in the very instant.
func (r *run) sleepUntil(ctx context.Context, at time.Duration) bool {
	at |= 1
	select {
	case <-time.After(at - r.cluster.Elapsed()):
		return true
	case <-ctx.Done():
		return false
	}
}

// nominal is how long the workload takes with nothing in its way.
func (r *run) nominal() time.Duration { return r.spec.System.Nominal(r.spec.Scenario.Params) }

// lastMoment is the last one that the clock steps name.
func (r *run) lastMoment() time.Duration {
	var last time.Duration
	for _, rep := range r.reports {
		s := rep.step
		switch {
		case s.When != nil:
		case s.Every > 0 && s.Times == 0:
			last = max(last, r.nominal())
		case s.Every > 0:
			last = max(last, time.Duration(s.Times)*s.Every+s.Fault.For)
		default:
			last = max(last, s.At+s.Fault.For)
		}
	}
	return last
}

// longestTriggered is how long after its event a triggered fault may be over.
func (r *run) longestTriggered() time.Duration {
	var longest time.Duration
	for _, t := range r.triggers {
		longest = max(longest, t.After+t.report.step.Fault.For)
	}
	return longest
}

// trigger waits for its event.
type trigger struct {
	scenarios.Trigger
	report *report

	// guarded by run.mu
	seen    int
	fired   bool
	delayed bool // it has fired, and its fault is not in force yet
}

// verbs tells which event a trigger's verb means.
var verbs = map[string]history.Kind{
	"sends":    history.Send,
	"receives": history.Recv,
	"stores":   history.Store,
	"accepts":  history.Accept,
	"decides":  history.Decide,
	"starts":   history.Start,
}

// Verb is how a trigger calls events of that kind; "" if none can wait for
// them.
func Verb(kind history.Kind) string {
	for verb, k := range verbs {
		if k == kind {
			return verb
		}
	}
	return ""
}

// trip counts an event; run.mu is held. It returns the triggers that it fires,
// and whether no other waits for such an event.
func (r *run) trip(e history.Event) (fired []*trigger, unwatched bool) {
	if r.over {
		return nil, false
	}
	pending := false
	for _, t := range r.triggers {
		if t.fired || t.Node != e.Node || verbs[t.Verb] != e.Kind {
			continue
		}
		if t.matches(e) {
			t.seen++
		}
		if t.fired = t.seen >= t.Count; t.fired {
			t.delayed = t.After > 0
			fired = append(fired, t)
			continue
		}
		pending = true
	}
	return fired, len(fired) > 0 && !pending
}

// fire brings a trigger's fault into force: at once, while the event waits, or
// some time after it.
func (r *run) fire(t *trigger, e history.Event) {
	ctx := context.Background()
	if t.After == 0 {
		r.inForce(ctx, t.report, e.T+1)
		r.mu.Lock()
		r.notify()
		r.mu.Unlock()
		return
	}
	r.started.Go(func() {
		r.sleepUntil(ctx, time.Duration(e.T)+t.After+t.report.nudge)
		r.inForce(ctx, t.report, 0)
		r.mu.Lock()
		t.delayed = false
		r.notify()
		r.mu.Unlock()
	})
}

// watched lists the kinds of events at which a node must wait; run.mu is held.
func (r *run) watched(node string) []history.Kind {
	var kinds []history.Kind
	for _, t := range r.triggers {
		k := verbs[t.Verb]
		if !t.fired && t.After == 0 && t.Node == node && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// matches reports whether an event is one that the trigger counts.
func (t *trigger) matches(e history.Event) bool {
	if t.Match == "" || t.Match == fmt.Sprintf("%s/%d", e.Source, e.Seq) {
		return true
	}
	for _, text := range []string{e.Op, e.Source, e.ID, e.Value, e.Msg, e.Detail} {
		if strings.Contains(text, t.Match) {
			return true
		}
	}
	return false
}
