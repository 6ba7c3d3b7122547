// Package labtest has what the tests of several labs need.
package labtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// Callers is how many operations of a load are under way at the same time.
const Callers = 32

// Load is the role of a client that invokes n operations as fast as they are
// answered, Callers at a time, and records how long that took.
func Load(ctx context.Context, env lab.Env, n int64, operate func(seq int64)) error {
	next := make(chan int64)
	var all sync.WaitGroup
	began := time.Now()
	for range Callers {
		all.Go(func() {
			for seq := range next {
				operate(seq)
			}
		})
	}
	for seq := range n {
		next <- seq + 1
	}
	close(next)
	all.Wait()
	env.Record(history.Event{Kind: history.Decide, Op: load, Detail: time.Since(began).String()})
	return env.AwaitHeal(ctx)
}

const load = "load"

// Acknowledged reports how many operations of a Load were ok a second. All n
// must have been.
func Acknowledged(b *testing.B, events []history.Event, n int) {
	b.Helper()
	acked := 0
	var took time.Duration
	for _, e := range events {
		switch {
		case e.Kind == history.OK:
			acked++
		case e.Kind == history.Decide && e.Op == load:
			var err error
			took, err = time.ParseDuration(e.Detail)
			require.NoError(b, err)
		}
	}
	require.Equal(b, n, acked)
	require.Positive(b, took)
	b.ReportMetric(float64(n)/took.Seconds(), "acked/s")
	b.ReportMetric(0, "ns/op") // it would count the start of the processes
}
