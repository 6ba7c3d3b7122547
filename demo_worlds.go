package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"faultlab/reports/demo"
	"faultlab/sim/history"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

const (
	// demoLimit is how much real time a virtual run may take on the demo's page.
	// Nobody watches a fault being dragged for longer.
	demoLimit = 10 * time.Second
	// demoMemory is what a virtual run may fill: more than a hundred thousand
	// events, which no page shows.
	demoMemory = 192 << 20
	// overtaken is how long a run goes on that nobody waits for any more. Most
	// end by themselves within it, and their worker stays; a new one takes longer
	// to start than they take.
	overtaken = 300 * time.Millisecond
)

// demoWorlds run scripts for the demo: the virtual one in workers that stay.
type demoWorlds struct {
	command
	free chan *place
}

// openWorlds hires one worker a core, so that the first drag finds them there.
func (c command) openWorlds() (*demoWorlds, error) {
	w := &demoWorlds{c, make(chan *place, runtime.GOMAXPROCS(0))}
	for range cap(w.free) {
		p := &place{limit: min(c.limit, demoLimit), memory: demoMemory}
		if err := p.hire(); err != nil {
			w.close(len(w.free))
			return nil, err
		}
		w.free <- p
	}
	return w, nil
}

// close waits for n workers to end what they do, and lets them go.
func (w *demoWorlds) close(n int) {
	for range n {
		(<-w.free).leave()
	}
}

// virtual does a run in the next free worker.
func (w *demoWorlds) virtual(ctx context.Context, d demo.Job) world.Result {
	j := w.job(d, "virtual")
	var p *place
	select {
	case p = <-w.free:
	case <-ctx.Done():
		return world.Result{}
	}
	done := make(chan world.Result, 1)
	go func() {
		work, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		spare := context.AfterFunc(ctx, func() { time.AfterFunc(overtaken, cancel) })
		defer spare()
		result, _ := p.once(work, j) // the result tells the error
		w.free <- p
		done <- result
	}()
	select {
	case result := <-done:
		return result
	case <-ctx.Done():
		return world.Result{}
	}
}

// live does a run in real processes.
func (w *demoWorlds) live(ctx context.Context, d demo.Job, tell func(history.Event)) world.Result {
	j := w.job(d, "live")
	j.spec.Tell = tell
	return runWithin(ctx, liveLimit(j.spec), j.spec, live.New(live.Options{}))
}

// job is what the demo asks for, in the command's terms. The demo has validated
// the script with the same words.
func (w *demoWorlds) job(d demo.Job, in string) job {
	s, err := parseScript(d.Name, d.Name, d.Text, w.labs, w.words)
	if err != nil {
		panic(fmt.Sprintf("demo: a script that was valid is not: %v", err))
	}
	v, _ := s.system.Variant(d.Variant)
	spec := s.spec(v, nil)
	spec.Explored = true // a fault is dragged through places where it meets nothing
	return job{script: s, spec: spec, world: in}
}
