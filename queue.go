package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// liveRuns is how many live runs go on at a time. Most of their time they
// wait; but more of them delay one another, and then a script's clock times
// mean something else than on a quiet machine.
const liveRuns = 4

// doing does the job of that number, by means of run.
type doing func(number int, run func(context.Context, job) world.Result)

// runVirtual does the virtual jobs in worker processes, one a core.
func (c command) runVirtual(ctx context.Context, jobs []job, do doing) {
	c.inWorkers(ctx, byScript(jobs, sharesOf(jobs, "virtual")), func(p *place, i int) { do(i, p.do) })
}

// inWorkers does what the numbers of shares stand for in worker processes, one a
// core. A share is done by one of them.
func (c command) inWorkers(ctx context.Context, shares [][]int, do func(p *place, number int)) {
	share(ctx, shares, runtime.GOMAXPROCS(0), func(shares <-chan []int) {
		p := &place{limit: c.limit}
		defer p.leave()
		for numbers := range shares {
			for _, i := range numbers {
				do(p, i)
			}
		}
	})
}

// runLive does the live jobs, in node processes that the live world starts.
func (c command) runLive(ctx context.Context, jobs []job, api string, note func(string), do doing) {
	at := liveRuns
	if api != "" {
		at = 1 // the address of the control API cannot be shared
	}
	w := live.New(live.Options{API: api, Notice: note})
	share(ctx, sharesOf(jobs, "live"), at, func(shares <-chan []int) {
		p := &place{limit: c.limit} // for the reruns that explain what broke
		defer p.leave()
		for numbers := range shares {
			do(numbers[0], func(ctx context.Context, j job) world.Result {
				result := runWithin(ctx, liveLimit(j.spec), j.spec, w)
				p.explain(ctx, j, &result)
				return result
			})
		}
	})
}

// runWithin cuts a live run short that takes too long.
func runWithin(ctx context.Context, limit time.Duration, spec world.Spec, w world.World) world.Result {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it was given %v, three times what its script asks for", limit))
	defer cancel()
	return world.Run(ctx, spec, w)
}

// share lets up to n hands draw from shares of the jobs, and returns when all
// are done. Once ctx ends, no more are handed out.
func share(ctx context.Context, shares [][]int, n int, hand func(<-chan []int)) {
	numbers := make(chan []int)
	var wg sync.WaitGroup
	for range min(n, len(shares)) {
		wg.Go(func() { hand(numbers) })
	}
	defer wg.Wait()
	defer close(numbers)
	for _, s := range shares {
		select {
		case numbers <- s:
		case <-ctx.Done():
			return
		}
	}
}

// sharesOf are the numbers of the jobs of a world, one a share.
func sharesOf(jobs []job, world string) [][]int {
	var shares [][]int
	for i, j := range jobs {
		if j.world == world {
			shares = append(shares, []int{i})
		}
	}
	return shares
}

// byScript puts together the shares of one script. Its variants explain one
// another, and one worker that does them all runs each once.
func byScript(jobs []job, shares [][]int) [][]int {
	var joined [][]int
	for _, s := range shares {
		last := len(joined) - 1
		if last >= 0 && jobs[joined[last][0]].script.arg == jobs[s[0]].script.arg {
			joined[last] = append(joined[last], s...)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// liveLimit bounds a live run. It is far above what the script takes on a
// quiet machine, since a run cut short says nothing.
func liveLimit(spec world.Spec) time.Duration {
	end := spec.System.Nominal(spec.Scenario.Params)
	for _, step := range spec.Scenario.Steps {
		end = max(end, lastMoment(step))
	}
	settle := spec.Scenario.Settle
	if settle == 0 {
		settle = world.DefaultSettle
	}
	return 3*(end+settle) + 30*time.Second
}

// lastMoment is about when a step's fault is over, as far as a script can tell.
func lastMoment(s scenarios.Step) time.Duration {
	at := s.At + s.Every*time.Duration(max(1, s.Times)) + s.Fault.For
	if s.When != nil {
		at += s.When.After
	}
	return at
}
