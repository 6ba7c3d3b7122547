package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"faultlab/reports"
	"faultlab/reports/page"
	"faultlab/sim/world"
)

// positions is how many places of a fault an explorable report shows, that of
// the script among them.
const positions = 60

// saveTrips moves the faults of all trips, and puts what came of each into the
// folders of the runs that its script had in the virtual world.
func (c command) saveTrips(ctx context.Context, trips []trip, runs []*reports.Run, o runOptions, show *progress, fail func(error)) {
	defer show.besides("")
	for _, t := range trips {
		if o.fault == 0 {
			t.step = t.decisive(runs)
		}
		e, err := c.move(ctx, t, func(done, total int) {
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
			if r == nil || !t.ran(r) {
				continue
			}
			folder := filepath.Join(o.out, filepath.FromSlash(reports.Dir(r.Record)))
			if err := reports.SaveExplorable(folder, e); err != nil {
				fail(err)
			}
		}
	}
}

// move moves the fault from the beginning of the run to its end, and gives
// what comes of it. progress is called from one goroutine at a time.
func (c command) move(ctx context.Context, t trip, progress func(done, total int)) (page.Explorable, error) {
	fault := t.Steps[t.step]
	e := page.Explorable{Fault: fault.Fault.String(), Moment: fault.Moment()}
	var asked []job
	for _, v := range t.sides {
		e.Variants = append(e.Variants, v.Name)
		asked = append(asked, t.job(t.script, v))
	}
	// The runs as they are tell how long they are, and when the trigger comes.
	asScripted := make([]world.Result, len(asked))
	c.rerun(ctx, asked, func(i int, r world.Result) { asScripted[i] = r })
	if ctx.Err() != nil {
		return e, ctx.Err()
	}
	scripted := page.Position{Scripted: true, At: -1}
	for _, r := range asScripted {
		at, end := t.times(r)
		if scripted.At < 0 {
			scripted.At = at
		}
		e.Span = max(e.Span, at, end)
		scripted.Sides = append(scripted.Sides, reports.SideOf(r, t.step))
	}
	if scripted.At < 0 {
		return e, fmt.Errorf("its fault (%s %s) never came into force, so there is nowhere to move it from", e.Moment, e.Fault)
	}
	asked = nil
	for i := range int64(positions - 1) {
		at := e.Span * i / (positions - 1)
		at -= at % 10 // no finer than it is shown
		e.Positions = append(e.Positions, page.Position{At: at, Sides: make([]page.Side, len(t.sides))})
		s := t.moved(time.Duration(at) * time.Microsecond)
		for _, v := range t.sides {
			asked = append(asked, t.job(s, v))
		}
	}
	var mu sync.Mutex // guards done
	done := 0
	c.rerun(ctx, asked, func(i int, r world.Result) {
		side := reports.SideOf(r, t.step)
		mu.Lock()
		defer mu.Unlock()
		e.Positions[i/len(t.sides)].Sides[i%len(t.sides)] = side
		done++
		progress(done, len(asked))
	})
	e.Positions = append(e.Positions, scripted)
	slices.SortStableFunc(e.Positions, func(a, b page.Position) int { return cmp.Compare(a.At, b.At) })
	return e, ctx.Err()
}

// rerun does virtual runs, and hands each to take, from several goroutines. One
// that its worker died of is unknown.
func (c command) rerun(ctx context.Context, jobs []job, take func(int, world.Result)) {
	c.inWorkers(ctx, sharesOf(jobs, "virtual"), func(p *place, i int) {
		r, _ := p.once(ctx, jobs[i])
		take(i, r)
	})
}
