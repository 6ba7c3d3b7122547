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
	Limit   time.Duration `json:"limit_ns"` // real time after which the run is stuck
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
	words := world.Vocabulary(labs)
	debug.SetGCPercent(workerGC)
	w := virtual.New()
	for {
		o := <-orders
		spec, err := o.spec(labs, words)
		if err != nil {
			stop("read the order for %s: %v", o.Arg, err)
		}
		watchdog := time.AfterFunc(o.Limit, func() { stuck(o.Limit) })
		result := world.Run(context.Background(), spec, w)
		watchdog.Stop()
		if err := results.Encode(result); err != nil {
			stop("send the result of %s: %v", o.Arg, err)
		}
	}
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
	return s.spec(v, &o.Seed), nil
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
