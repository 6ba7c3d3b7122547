package world

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// use is one time that a step's fault is in force. A step with `every` has
// many.
type use struct {
	id     int // from 1
	fault  *scenarios.Fault
	report *report
	floor  int64      // no event of it lies before this: its trigger's time + 1
	acting *lab.Mutex // held while it is put in place or taken away
	links  []LinkFault

	// guarded by run.mu
	ended bool // end was called
	over  bool // end is done
	torn  bool // a tear that took its node down
}

// name is the id that the events of this use carry.
func (u *use) name() string { return strconv.Itoa(u.id) }

// closes reports whether the fault makes the link refuse dials.
func (u *use) closes(link string) bool {
	switch u.fault.Name {
	case proxy.Down:
		return u.fault.Link == link
	case partition:
		return u.fault.Values.Bool("reset") && slices.Contains(u.report.links, link)
	}
	return false
}

// begin brings a step's fault into force. It returns nil if it is too late.
func (r *run) begin(ctx context.Context, rep *report, floor int64) *use {
	ctx, cancel := context.WithTimeout(ctx, controlBound)
	defer cancel()
	u := &use{fault: &rep.step.Fault, report: rep, floor: floor, acting: lab.NewMutex()}
	u.acting.Lock()
	defer u.acting.Unlock()
	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return nil
	}
	rep.uses++
	u.id = len(r.uses) + 1
	r.uses = append(r.uses, u)
	r.mu.Unlock()

	// The events bear the time before the act: an operation that fails while
	// the fault is being put in place was touched by it.
	if u.fault.Name == partition {
		r.mu.Lock()
		rep.links = r.between(u.fault.Groups)
		r.mu.Unlock()
	}
	r.announce(history.Fault, u)
	act := nodeFaultOf(u.fault.Name)
	var err error
	switch {
	case act.begin != nil:
		err = act.begin(ctx, r, u)
	case u.fault.Node != "":
		err = r.cluster.SetInside(u.fault.Node, u.inside(r.spec.Seed))
	default:
		err = r.inject(ctx, u)
	}
	if err != nil {
		r.problem("%s %s: %v", u.fault.Name, rep.target(), err)
	}
	return u
}

// end ends a fault and adds up what it met. Ending twice is once. One that is
// still being put in place is waited for: taken away first, it would come after
// that and stay for ever.
func (r *run) end(ctx context.Context, u *use) {
	ctx, cancel := context.WithTimeout(ctx, controlBound)
	defer cancel()
	r.mu.Lock()
	ended := u.ended
	u.ended = true
	r.mu.Unlock()
	if ended {
		return
	}
	if err := u.acting.LockContext(ctx); err != nil {
		r.problem("end %s %s: wait until it is in force: %v", u.fault.Name, u.report.target(), err)
		return
	}
	defer u.acting.Unlock()
	act := nodeFaultOf(u.fault.Name)
	var err error
	switch {
	case act.end != nil:
		err = act.end(ctx, r, u)
	case u.fault.Node != "":
		err = r.cluster.ClearInside(u.fault.Node, u.id)
		if u.fault.Name == tear {
			err = cmp.Or(err, r.up(ctx, u))
		}
	default:
		err = r.heal(ctx, u)
	}
	if err != nil {
		r.problem("end %s %s: %v", u.fault.Name, u.report.target(), err)
	}
	r.announce(history.Heal, u) // before anybody may go on because of it
	r.mu.Lock()
	u.over = true
	r.notify()
	r.mu.Unlock()
}

// announce records that a fault begins or has ended: a partition as one event
// for each link that it cuts.
func (r *run) announce(kind history.Kind, u *use) {
	e := history.Event{
		T: u.floor, Kind: kind, Op: u.fault.Name, ID: u.name(), Node: u.fault.Node, Link: u.fault.Link,
	}
	if kind == history.Fault {
		e.Detail = u.report.detail()
	}
	if u.fault.Name != partition {
		r.event(e)
		return
	}
	for _, link := range u.report.links {
		e.Link = link
		r.event(e)
	}
}

// use finds a use by its number; run.mu is held.
func (r *run) use(id int) *use {
	if id < 1 || id > len(r.uses) {
		return nil
	}
	return r.uses[id-1]
}

// inside gives the fault as a node is told of it.
func (u *use) inside(seed uint64) InsideFault {
	return InsideFault{ID: u.id, Name: u.fault.Name, Attrs: u.fault.Values.Text(), Seed: u.seed(seed)}
}

// seed is of the draws of this fault: by its place in the script, so that
// taking another fault away changes none of them.
func (u *use) seed(seed uint64) uint64 {
	return lab.Draw(seed, "fault", u.fault.Name, u.report.target(), strconv.Itoa(u.report.uses))
}

// insideOf lists the inside faults in force on a node; run.mu is held.
func (r *run) insideOf(n *node) []InsideFault {
	var in []InsideFault
	for _, u := range r.uses {
		f := nodeFaultOf(u.fault.Name)
		if !u.ended && u.fault.Node == n.Name && f.begin == nil {
			in = append(in, u.inside(r.spec.Seed))
		}
	}
	return in
}

// torn takes note that a tear has taken its node down: it stays down for as
// long as the fault says, counted from its death.
func (r *run) torn(n *node) {
	r.mu.Lock()
	var by *use
	for _, u := range r.uses {
		if u.fault.Name == tear && u.fault.Node == n.Name && !u.ended {
			by = u
			break
		}
	}
	if by != nil {
		n.downs[by.id] = true
		by.torn = true
	}
	r.mu.Unlock()
	if by != nil && by.fault.For > 0 {
		r.endAfter(by)
	}
}

// report gathers what became of one step.
type report struct {
	step  *scenarios.Step
	nudge time.Duration // what would be in one instant comes in the script's order

	// guarded by run.mu
	uses   int
	met    int // times that a node fault met its target
	lost   int // bytes that a power cut took
	effect proxy.Effect
	links  []string // that a partition cut
}

// target prints what the fault is aimed at, with the direction.
func (rep *report) target() string {
	return strings.TrimSpace(rep.step.Fault.Target() + " " + rep.step.Fault.Direction)
}

// detail prints direction and attributes.
func (rep *report) detail() string {
	f := &rep.step.Fault
	parts := []string{}
	if f.Direction != "" {
		parts = append(parts, f.Direction)
	}
	for _, a := range f.Attrs {
		parts = append(parts, a.Name+"="+a.Value)
	}
	for _, g := range f.Groups {
		parts = append(parts, "{"+strings.Join(g, " ")+"}")
	}
	return strings.Join(parts, " ")
}

// FaultReport tells what became of the step.
func (rep *report) FaultReport() FaultReport {
	f := FaultReport{Fault: rep.step.Fault.Name, Target: rep.target(), Line: rep.step.Pos.Line}
	if moment := rep.step.Moment(); rep.step.When != nil {
		f.When = strings.TrimPrefix(moment, "when ")
	} else {
		f.At = strings.TrimPrefix(moment, "at ")
	}
	switch {
	case rep.met > 0:
		f.Effect = nodeFaultOf(rep.step.Fault.Name).word.Effect
		if rep.met > 1 {
			f.Effect += fmt.Sprintf(", %d times", rep.met)
		}
		if rep.step.Fault.Name == powercut {
			f.Effect += fmt.Sprintf("; %d bytes were not synced and are gone", rep.lost)
		}
	default:
		f.Effect = rep.effect.String()
	}
	return f
}
