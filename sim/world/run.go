package world

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

const (
	// DefaultSettle bounds the settle of a scenario that does not say.
	DefaultSettle = 5 * time.Second
	// controlBound is how long one act on the cluster may take before it
	// counts as hung.
	controlBound = 5 * time.Second
	// stopGrace is how long a node may take to end after SIGTERM.
	stopGrace = 2 * time.Second
	// apart is the time between two steps of the script that would come in one
	// instant. What the first does in that instant, a few nanoseconds long, is over
	// by then: whether a pause meets a node that is just ending no seed would
	// decide. It is a multiple of what lies between two nodes that start.
	apart = 4 * stagger
	// stagger is the time between the starts of two nodes.
	stagger = 5 * time.Nanosecond
)

// Run runs a scenario against a variant and judges it. It never fails: what
// goes wrong with the testbed itself makes the outcome unknown, with the
// problem in the record.
func Run(ctx context.Context, spec Spec, w World) Result {
	began := time.Now()
	r := newRun(spec)
	err := w.Run(ctx, spec, r, r.drive)
	if err != nil {
		r.problem("%v", err)
	}
	rec := r.record(w.Name())
	rec.Elapsed = time.Since(began)
	return Result{Record: rec, Events: r.events, Files: r.files, Judgement: Judge(rec, r.events)}
}

// run is the state of one run. It is the Hooks of its cluster.
type run struct {
	spec    Spec
	cluster Cluster
	started sync.WaitGroup // goroutines of the timeline

	mu       sync.Mutex // bookkeeping only: never held across a call of the cluster
	events   []history.Event
	nodes    []*node
	triggers []*trigger
	uses     []*use
	reports  []*report
	problems []string
	over     bool          // faults are over: nothing new comes into force
	changed  chan struct{} // closed and renewed when a wait may have ended

	origin time.Duration // when the services stood and the workload began
	files  map[string][]byte
	length time.Duration
}

// node is what Run knows of a node.
type node struct {
	lab.Node
	life *lab.Mutex // held while the node starts or ends

	// guarded by run.mu
	up          bool
	calls       int // of start
	starting    bool
	abort       context.CancelFunc // ends the start that is under way
	aborted     bool               // it was called
	stopping    bool               // it was asked to end and has not yet
	killed      bool               // it was killed while it was stopping
	incarnation int
	invoked     int64
	downs       map[int]bool // faults that keep it down, by number
	pauses      map[int]bool // faults that keep it still
	waiting     bool         // its workload is done, it awaits the heal
	probing     bool         // what it invoked last is its probe, behind that
	probed      bool         // its probe is completed
	done        bool         // its role returned
}

func newRun(spec Spec) *run {
	r := &run{spec: spec, events: make([]history.Event, 0, 1<<10)}
	for _, n := range spec.System.Nodes(spec.Scenario.Params) {
		r.nodes = append(r.nodes, &node{
			Node: n, downs: map[int]bool{}, pauses: map[int]bool{},
		})
	}
	for i := range spec.Scenario.Steps {
		step := &spec.Scenario.Steps[i]
		rep := &report{step: step, nudge: time.Duration(i) * apart}
		r.reports = append(r.reports, rep)
		if step.When != nil {
			r.triggers = append(r.triggers, &trigger{Trigger: *step.When, report: rep})
		}
	}
	return r
}

// drive is the life of a run, in the world's own time.
func (r *run) drive(ctx context.Context, c Cluster) {
	r.cluster = c
	// Channels must be made here: virtual time stands still while somebody
	// waits for one from outside its bubble.
	r.changed = make(chan struct{})
	for _, n := range r.nodes {
		n.life = lab.NewMutex()
	}
	defer func() { r.length = c.Elapsed() - r.origin }()

	if err := r.startAll(ctx, false); err != nil {
		r.problem("%v", err)
		return
	}
	r.origin = c.Elapsed()
	steps, cancel := context.WithCancel(ctx)
	defer cancel()
	r.schedule(steps)
	if err := r.startAll(ctx, true); err != nil {
		r.problem("%v", err)
		return
	}
	r.awaitWorkload(ctx)
	cancel()
	r.healAll(ctx)
	r.awaitSettled(ctx)
	r.readBack(ctx)
	r.started.Wait()
	if err := ctx.Err(); err != nil {
		r.problem("the run was cut short: %v", context.Cause(ctx))
	}
}

// startAll starts the clients, or all others. The origin of all times lies
// between the two.
func (r *run) startAll(ctx context.Context, clients bool) error {
	var wg sync.WaitGroup
	errs := make([]error, len(r.nodes))
	for i, n := range r.nodes {
		if n.Client != clients {
			continue
		}
		wg.Go(func() {
			time.Sleep(time.Duration(i) * stagger) // no two start in one instant, nor one when another boots
			errs[i] = r.start(ctx, n)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// healAll ends all faults, brings up what is down, and tells the clients.
func (r *run) healAll(ctx context.Context) {
	r.mu.Lock()
	r.over = true
	uses := r.uses
	r.mu.Unlock()
	for i := len(uses) - 1; i >= 0; i-- {
		r.end(ctx, uses[i])
		// What this one lets go must not meet the next in the instant in which
		// that ends, too.
		time.Sleep(time.Nanosecond)
	}
	// Some may be ending already, at their own time.
	r.await(ctx, r.cluster.Elapsed()+2*controlBound, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return !slices.ContainsFunc(uses, func(u *use) bool { return !u.over })
	})
	for _, n := range r.nodes {
		r.mu.Lock()
		down := !n.up && !n.done
		r.mu.Unlock()
		if !down {
			continue
		}
		if err := r.start(ctx, n); err != nil {
			r.problem("%v", err)
		}
	}
	time.Sleep(time.Nanosecond) // what ended last must not come after it
	r.event(history.Event{Kind: history.Heal, Op: history.HealAll})
	r.cluster.HealAll()
}

// readBack asks the lab for its log and keeps its files.
func (r *run) readBack(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	entries, err := r.spec.Variant.ReadBack(ctx, observer{r.cluster, r})
	if err != nil {
		r.problem("read the log back: %v", err)
		return
	}
	r.mu.Lock()
	at := int64(r.cluster.Elapsed())
	for i, e := range entries {
		e.Clean()
		e.Kind = history.Final
		e.T = at + int64(i) // the order of the log is the order of the events
		r.events = append(r.events, e)
	}
	r.mu.Unlock()
	r.keepFiles()
}

func (r *run) keepFiles() {
	r.files = map[string][]byte{}
	for _, n := range r.nodes {
		disk := r.cluster.Disk(n.Host)
		names, err := disk.List()
		if err != nil {
			r.problem("list the files of %s: %v", n.Host, err)
			continue
		}
		for _, name := range names {
			data, err := disk.Read(name)
			if err != nil {
				r.problem("keep %s of %s: %v", name, n.Host, err)
				continue
			}
			r.files[n.Host+"/"+name] = data
		}
	}
}

// record gathers what is saved of the run, and brings the events into order
// with the origin at 0.
func (r *run) record(world string) Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	history.Sort(r.events)
	for i := range r.events { // what came before the origin keeps its order
		r.events[i].T = max(0, r.events[i].T-int64(r.origin))
	}
	sc, v := r.spec.Scenario, r.spec.Variant
	rec := Record{
		Lab: r.spec.System.Name, Scenario: sc.Name, Variant: v.Name, World: world,
		Seed: r.spec.Seed, Params: r.spec.Scenario.Params.Text(), Script: string(scenarios.Print(sc)),
		Events:   len(r.events),
		Promises: v.Promises, Owed: r.spec.System.Delivers, Bound: v.Bound(r.spec.Scenario.Params),
		Reads: r.spec.System.Reads, Waits: r.spec.System.Waits,
		Hosts:   map[string]string{},
		Virtual: r.length,
	}
	for _, l := range r.spec.System.Links(r.spec.Scenario.Params) {
		rec.Links = append(rec.Links, l.String())
	}
	for _, n := range r.nodes {
		rec.Hosts[n.Name] = n.Host
	}
	for _, e := range sc.Expects {
		if e.Variant != v.Name {
			continue
		}
		for _, p := range e.Properties {
			rec.Expects = append(rec.Expects, Expectation{Property: p, Violated: e.Violates, Count: e.Count})
		}
	}
	for _, t := range r.triggers {
		if !t.fired && !r.spec.Explored {
			r.problems = append(r.problems, fmt.Sprintf("%q was never reached: it was seen %d times", t.report.step.Moment(), t.seen))
		}
	}
	for _, rep := range r.reports {
		fr := rep.FaultReport()
		for _, u := range r.uses {
			if u.report == rep {
				fr.Uses = append(fr.Uses, u.name())
			}
		}
		rec.Faults = append(rec.Faults, fr)
		switch unreached := rep.uses == 0 && rep.step.When != nil; {
		case fr.Effect != "" || unreached || r.spec.Explored:
		case rep.uses == 0: // every 10s, in a run of 1s
			r.problems = append(r.problems, fmt.Sprintf("%s %s never came into force", fr.Fault, fr.Target))
		default:
			r.problems = append(r.problems, fmt.Sprintf("%s %s met nothing", fr.Fault, fr.Target))
		}
	}
	rec.Problems = r.problems
	return rec
}

// problem notes why this run cannot be trusted.
func (r *run) problem(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// event records something that the world itself did.
func (r *run) event(e history.Event) {
	e.T = max(e.T, int64(r.cluster.Elapsed()))
	r.Record(e)
}

// node finds a node of the lab; scripts are validated, so it is there.
func (r *run) node(name string) *node {
	for _, n := range r.nodes {
		if n.Name == name {
			return n
		}
	}
	panic("world: no node " + name)
}

// notify wakes who waits for the run's state.
func (r *run) notify() {
	close(r.changed)
	r.changed = make(chan struct{})
}
