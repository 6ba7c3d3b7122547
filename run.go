package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"faultlab/reports"
	"faultlab/sim/world"
)

// runOptions are the flags of run.
type runOptions struct {
	world   string
	variant string
	seed    *uint64 // nil: the script's
	out     string
	json    bool
	api     string

	explorable bool
	fault      int // the line of the fault that is moved; 0: the first
}

func (o runOptions) worlds() []string {
	if o.world == "both" {
		return []string{"virtual", "live"}
	}
	return []string{o.world}
}

// checkAPI refuses a control API that no run could serve.
func (o runOptions) checkAPI() error {
	if o.api == "" {
		return nil
	}
	if o.world == "virtual" {
		return errors.New("-api serves live runs only; leave it out, or run with -world live")
	}
	a, err := netip.ParseAddrPort(o.api)
	if err != nil || !a.Addr().IsLoopback() {
		return fmt.Errorf("-api %s is no loopback address and port; write it like 127.0.0.1:8474", o.api)
	}
	return nil
}

// defaultWorlds are the worlds that this machine has.
func defaultWorlds() string {
	if runtime.GOOS == "windows" {
		return "virtual" // the live world needs signals and inherited pipes
	}
	return "both"
}

const runHelp = `Runs scenarios against the variants of their lab and judges what came of it.

A SCENARIO is a name like sensor/lost-ack (or its last part, if only one lab has
it), a lab's name for all of its scenarios, or the path of a script. Without
any, all scenarios that come with the program are run.

Every variant that a script expects something of, or that promises properties,
is run in both worlds, on Windows in the virtual one; a script that says "world
virtual" in that one alone. The virtual world repeats a run exactly from its
seed; the live one has real processes, and their timing differs from run to run.

With -explorable the virtual world runs each script sixty times more, with a
fault moved from the beginning of the run to its end: the one in the line that
-fault names, or else the one that broke the variant which fails, as far as
reruns show that, or the first. The reports then have a slider that moves it,
and need no program for that: send one to a phone.

` + exitCodes

func (c command) run(ctx context.Context, args []string) int {
	var o runOptions
	fs := c.newFlags("run", runHelp)
	fs.StringVar(&o.world, "world", defaultWorlds(), "`where` to run: live, virtual or both")
	fs.StringVar(&o.variant, "variant", "", "run this `variant` only")
	fs.Func("seed", "draw every randomness from this `number` (default: the script's seed, else 1)", func(text string) error {
		seed, err := strconv.ParseUint(text, 10, 64)
		o.seed = &seed
		return err
	})
	fs.StringVar(&o.out, "out", filepath.Join("reports", "out"), "`folder` for the results")
	fs.BoolVar(&o.json, "json", false, "print summary.json to standard output, and nothing else")
	fs.StringVar(&o.api, "api", "", "serve Toxiproxy's control API on this loopback `address` during live runs")
	fs.BoolVar(&o.explorable, "explorable", false, "let the reports of virtual runs show what a fault of the script does at other times")
	fs.IntVar(&o.fault, "fault", 0, "with -explorable, move the fault in this `line` of the script (default: the one that matters)")
	names, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	switch o.world {
	case "live", "virtual", "both":
	default:
		return c.usage("run: -world %s is none of live, virtual, both", o.world)
	}
	if err := o.checkAPI(); err != nil {
		return c.usage("run: %v", err)
	}
	switch {
	case o.explorable && o.world == "live":
		return c.usage("run: -explorable moves a fault about in the virtual world; leave out -world live")
	case o.fault != 0 && !o.explorable:
		return c.usage("run: -fault says which fault -explorable moves; add that")
	}
	scripts, err := c.scripts(names)
	if err != nil {
		return c.usage("%v", err)
	}
	jobs, left, err := plan(scripts, o)
	if err != nil {
		return c.usage("%v", err)
	}
	if len(left) > 0 {
		fmt.Fprintf(c.err, "left out, as only the virtual world can do them: %s\n", strings.Join(left, ", "))
	}
	if len(jobs) == 0 {
		return c.usage("there is nothing to run; name a variant with -variant, or add an expect line to the script")
	}
	var trips []trip
	if o.explorable {
		if trips, err = tripsOf(scripts, o); err != nil {
			return c.usage("run: %v", err)
		}
	}
	return c.runAll(ctx, jobs, trips, o)
}

// runAll does the jobs, saves each as it finishes, makes the trips of faults for
// their reports, and reports on all of them.
func (c command) runAll(ctx context.Context, jobs []job, trips []trip, o runOptions) int {
	show := newProgress(c.err, c.terminal, c.errColor, len(jobs))
	finished := make([]*reports.Run, len(jobs))
	var mu sync.Mutex // guards trouble
	var trouble error // the first result that could not be saved
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if trouble == nil {
			trouble = err
		}
	}

	do := func(i int, run func(context.Context, job) world.Result) {
		show.begin(jobs[i])
		r := reports.Run{Result: run(ctx, jobs[i]), Script: jobs[i].script.arg}
		if ctx.Err() != nil {
			return // cut short by the user: it says nothing
		}
		r.Explain()
		if err := reports.Save(o.out, r); err != nil {
			fail(err)
		}
		r.Events, r.Files = nil, nil // saved; hundreds of runs would fill the memory
		finished[i] = &r
		show.end(jobs[i], r)
	}
	var wg sync.WaitGroup
	wg.Go(func() { c.runVirtual(ctx, jobs, do) })
	wg.Go(func() { c.runLive(ctx, jobs, o.api, show.note, do) })
	wg.Wait()
	c.saveTrips(ctx, trips, finished, o, show, fail)
	show.close()

	runs := make([]reports.Run, 0, len(jobs))
	for _, r := range finished {
		if r != nil {
			runs = append(runs, *r)
		}
	}
	folders := make([]string, len(runs))
	for i, r := range runs {
		folders[i] = filepath.Join(o.out, filepath.FromSlash(reports.Dir(r.Record)))
	}
	if err := reports.Pages(folders, runs); err != nil {
		fail(err)
	}
	if err := reports.Write(o.out, runs); err != nil {
		fail(err)
	}
	if err := c.report(runs, o.out, o.json); err != nil {
		fail(err)
	}
	if trouble != nil {
		return c.usage("%v", trouble)
	}
	if ctx.Err() != nil {
		fmt.Fprintf(c.err, "faultlab: interrupted: %d of %d runs had finished and are saved in %s\n", len(runs), len(jobs), o.out)
		return exitInterrupted
	}
	return exitCode(runs)
}

// report prints what came of the runs: for a program, or for a person.
func (c command) report(runs []reports.Run, out string, json bool) error {
	if json {
		text, err := reports.Summarize(runs).JSON()
		if err == nil {
			_, err = c.out.Write(text)
		}
		return err
	}
	if err := reports.Table(c.out, runs, c.outColor); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "results: %s\n", filepath.Join(out, "index.html"))
	return err
}

func exitCode(runs []reports.Run) int {
	switch n := reports.Count(runs); {
	case n.Differs > 0:
		return exitDiffers
	case n.Unknown > 0:
		return exitUnknown
	}
	return exitOK
}
