package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// A worker is this program again, in a process of its own, that does virtual
// runs: a lab that panics, or never yields, must not take the command with it.
// Orders come as JSON lines on its standard input, results leave as JSON lines
// on its standard output.
//
//	command ── order ──▶ worker ── result ──▶ command
//	            stdin      │        stdout
//	                       └─ stderr: why it died

// workerMark is the environment variable that makes a process a worker.
const workerMark = "FAULTLAB_WORKER"

// workerGC lets the heap of a worker grow to eleven times what is live: a run
// leaves a few megabytes of garbage, and the next one's follows at once.
const workerGC = 1000

// order is a run that a worker is to do.
type order struct {
	Arg     string        `json:"arg"`  // what the command line called the script
	Text    string        `json:"text"` // the script
	Variant string        `json:"variant"`
	Seed    uint64        `json:"seed"`
	Limit   time.Duration `json:"limit_ns"`         // real time after which the run is stuck
	Memory  uint64        `json:"memory,omitempty"` // bytes that the run may fill; 0: as many as there are
	// Explored says that a fault may meet nothing: see world.Spec.
	Explored bool `json:"explored,omitempty"`
	// Causes asks not for the run, but for which faults it took that it
	// violated what it did.
	Causes bool `json:"causes,omitempty"`
	// Search asks for a timeline that is drawn, in place of the script.
	Search *search `json:"search,omitempty"`
}

// workIfHired makes this process a worker, for as long as it lives, if the
// command started it as one; else it returns at once.
func workIfHired(labs lab.Registry) {
	if os.Getenv(workerMark) == "" {
		return
	}
	// Ctrl-C on a terminal reaches the workers too. The command decides what to
	// make of it; a worker that died of it would look like a broken lab.
	signal.Ignore(os.Interrupt)

	// What a lab prints must not mix with the results.
	results := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr

	orders := make(chan order)
	go func() {
		in := json.NewDecoder(os.Stdin)
		for {
			var o order
			switch err := in.Decode(&o); {
			case errors.Is(err, io.EOF):
				// The command closes the pipe when it has all results, or it
				// died. Even in the middle of a run nobody waits for it.
				os.Exit(exitOK)
			case err != nil:
				stop("read an order: %v", err)
			}
			orders <- o
		}
	}()
	debug.SetGCPercent(workerGC)
	w := worker{labs: labs, words: world.Vocabulary(labs), world: virtual.New(), explorers: map[string]explore.Explorer{}}
	for {
		o := <-orders
		if err := results.Encode(w.carryOut(o)); err != nil {
			stop("send the result of %s: %v", o.Arg, err)
		}
	}
}

// worker is what a worker knows from one order to the next.
type worker struct {
	labs  lab.Registry
	words scenarios.Vocabulary
	world world.World
	// ran are the runs of one script and seed, by variant. Its runs are ordered
	// one after another, and who asks for the causes of one needs the others.
	ran map[string]world.Result
	of  order // what ran is of, without its variant

	explorers map[string]explore.Explorer
}

// carryOut does what was ordered: the run, or the reruns that tell its causes.
func (w *worker) carryOut(o order) any {
	watchdog := time.AfterFunc(o.Limit, func() { stuck(o.Limit) })
	defer watchdog.Stop()
	if o.Search != nil {
		return w.search(o)
	}
	spec, err := o.spec(w.labs, w.words)
	if err != nil {
		stop("read the order for %s: %v", o.Arg, err)
	}
	if o.Memory > 0 {
		defer watchMemory(o.Memory)()
	}
	of := o
	of.Variant, of.Causes = "", false
	if w.of != of {
		w.of, w.ran = of, map[string]world.Result{}
	}
	run := func(v *lab.Variant) world.Result {
		if _, done := w.ran[v.Name]; !done {
			spec := spec
			spec.Variant = v
			w.ran[v.Name] = world.Run(context.Background(), spec, w.world)
		}
		return w.ran[v.Name]
	}
	if !o.Causes {
		return run(spec.Variant)
	}
	e := explore.New(spec.System, spec.Variant, w.words, w.world, spec.Seed)
	return e.Causes(spec.Scenario, run(spec.Variant), run)
}

func (o order) spec(labs lab.Registry, words scenarios.Vocabulary) (world.Spec, error) {
	s, err := parseScript(o.Arg, o.Arg, []byte(o.Text), labs, words)
	if err != nil {
		return world.Spec{}, err
	}
	v, ok := s.system.Variant(o.Variant)
	if !ok {
		return world.Spec{}, fmt.Errorf("no variant %q", o.Variant)
	}
	spec := s.spec(v, &o.Seed)
	spec.Explored = o.Explored
	return spec, nil
}

// stuck ends a worker whose run makes no progress, and shows where it stands.
// It runs in real time, outside of the bubble: in there a goroutine that spins,
// or waits for a sync.Mutex, stops the clock for ever.
func stuck(limit time.Duration) {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	stop("the run did not end within %v of real time; every goroutine at that moment:\n\n%s", limit, stacks)
}

// stop ends a worker that cannot go on. The command shows the message as the
// reason why the run is unknown.
func stop(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(exitUnknown)
}
