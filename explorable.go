package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"faultlab/reports"
	"faultlab/reports/page"
	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// positions is how many places of a fault an explorable report shows, that of
// the script among them.
const positions = 60

// travel is a script one of whose faults is moved about.
type travel struct {
	script
	step  int // of the fault
	sides []*lab.Variant
	seed  *uint64
}

// travels chooses the fault that is moved in each script: the one of that line,
// or the first. Scripts without a fault are left out, unless all are.
func travels(scripts []script, o runOptions) ([]travel, error) {
	var all []travel
	for _, s := range scripts {
		step := 0
		if o.fault != 0 {
			step = slices.IndexFunc(s.Steps, func(st scenarios.Step) bool { return st.Pos.Line == o.fault })
		}
		switch {
		case step < 0:
			return nil, fmt.Errorf("-fault %d: %s has no fault in that line; its faults are in %s", o.fault, s.arg, lines(s.Steps))
		case len(s.Steps) > 0:
			all = append(all, travel{script: s, step: step, sides: opposed(s), seed: o.seed})
		}
	}
	if len(all) == 0 {
		return nil, errors.New("-explorable moves a fault about, and no script has one")
	}
	return all, nil
}

func lines(steps []scenarios.Step) string {
	var text string
	for i, s := range steps {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(s.Pos.Line)
	}
	return "line " + text
}

// opposed are the variants to compare: the first that the script expects to
// fail, and the one that holds.
func opposed(s script) []*lab.Variant {
	all := s.system.Variants
	fails := 0
	for _, e := range s.Expects {
		if e.Violates {
			fails = slices.IndexFunc(all, func(v lab.Variant) bool { return v.Name == e.Variant })
			break
		}
	}
	if last := len(all) - 1; fails != last {
		return []*lab.Variant{&all[fails], &all[last]}
	}
	return []*lab.Variant{&all[fails]}
}

// moved is the script with the fault at a time of the clock.
func (t travel) moved(at time.Duration) script {
	sc := *t.Scenario
	sc.Steps = slices.Clone(sc.Steps)
	s := &sc.Steps[t.step]
	s.When, s.Every, s.Times, s.At = nil, 0, 0, at
	s.Note = scenarios.Note{}
	moved := t.script
	moved.Scenario, moved.text = &sc, scenarios.Print(&sc)
	return moved
}

// job is a run of it. A fault that meets nothing there is a finding.
func (t travel) job(s script, v *lab.Variant) job {
	spec := s.spec(v, t.seed)
	spec.Explored = true
	return job{script: s, spec: spec, world: "virtual"}
}

// explore moves the fault from the beginning of the run to its end, and gives
// what comes of it.
func (c command) explore(ctx context.Context, t travel, progress func(done, total int)) (page.Explorable, error) {
	fault := t.Steps[t.step]
	e := page.Explorable{Fault: fault.Fault.String(), Moment: fault.Moment()}
	var asked []job
	for _, v := range t.sides {
		e.Variants = append(e.Variants, v.Name)
		asked = append(asked, t.job(t.script, v))
	}
	// The run as it is tells how long it is, and when its trigger comes.
	scripted := page.Position{Scripted: true, At: -1, Sides: make([]page.Side, len(t.sides))}
	c.rerun(ctx, asked, func(i int, r world.Result) {
		scripted.Sides[i] = reports.SideOf(r, t.step)
		at, end := t.times(r)
		if scripted.At < 0 || i == 0 && at >= 0 {
			scripted.At = at
		}
		e.Span = max(e.Span, end)
	})
	switch {
	case ctx.Err() != nil:
		return e, ctx.Err()
	case scripted.At < 0:
		return e, fmt.Errorf("%s %s never came into force, so there is nowhere to move it from", e.Moment, e.Fault)
	}
	asked = nil
	for i := range int64(positions - 1) {
		at := e.Span * i / (positions - 1)
		at -= at % 10 // as short as one can see
		e.Positions = append(e.Positions, page.Position{At: at, Sides: make([]page.Side, len(t.sides))})
		s := t.moved(time.Duration(at) * time.Microsecond)
		for _, v := range t.sides {
			asked = append(asked, t.job(s, v))
		}
	}
	done := 0
	var mu sync.Mutex // guards done
	c.rerun(ctx, asked, func(i int, r world.Result) {
		e.Positions[i/len(t.sides)].Sides[i%len(t.sides)] = reports.SideOf(r, t.step)
		mu.Lock()
		defer mu.Unlock()
		done++
		progress(done, len(asked))
	})
	e.Positions = append(e.Positions, scripted)
	slices.SortStableFunc(e.Positions, func(a, b page.Position) int { return int(a.At - b.At) })
	return e, ctx.Err()
}

// rerun does virtual runs. One that its worker died of is unknown.
func (c command) rerun(ctx context.Context, jobs []job, take func(int, world.Result)) {
	share(ctx, sharesOf(jobs, "virtual"), runtime.GOMAXPROCS(0), func(shares <-chan []int) {
		p := &place{limit: c.limit}
		defer p.leave()
		for numbers := range shares {
			for _, i := range numbers {
				r, _ := p.once(ctx, jobs[i])
				take(i, r)
			}
		}
	})
}

// times tells when the fault first came into force in a run, and when the last
// was healed, in µs; -1 if never.
func (t travel) times(r world.Result) (at, end int64) {
	at = -1
	uses := r.Record.Faults[t.step].Uses
	for _, e := range r.Events {
		switch {
		case e.Kind == history.Fault && at < 0 && slices.Contains(uses, e.ID):
			at = e.T / 1000
		case e.Kind == history.Heal && e.Op == history.HealAll:
			end = e.T / 1000
		}
	}
	return at, end
}

// saveTrips moves the faults of all trips, and puts what came of each into the
// folders of the runs that its script had in the virtual world.
func (c command) saveTrips(ctx context.Context, trips []travel, runs []*reports.Run, out string, show *progress, fail func(error)) {
	defer show.besides("")
	for _, t := range trips {
		e, err := c.explore(ctx, t, func(done, total int) {
			show.besides(fmt.Sprintf("%s with its fault moved, %d of %d", t.Name, done, total))
		})
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			show.note(fmt.Sprintf("%s is not explorable: %v", t.Name, err))
			continue
		}
		for _, r := range runs {
			if r == nil || r.Script != t.arg || r.Record.World != "virtual" {
				continue
			}
			folder := filepath.Join(out, filepath.FromSlash(reports.Dir(r.Record)))
			if err := reports.SaveExplorable(folder, e); err != nil {
				fail(err)
			}
		}
	}
}
