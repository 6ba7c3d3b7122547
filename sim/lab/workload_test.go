package lab_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

// client is an Env of which only the workload's part is there.
type client struct {
	lab.Env
	invoked int64
	healed  chan struct{}
}

func (c *client) Invoked() int64 { return c.invoked }

func (c *client) AwaitHeal(ctx context.Context) error {
	select {
	case <-c.healed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// done is what a client did in one life, and when.
type done struct {
	seqs []int64
	at   []time.Duration
	err  error
}

// live runs a workload of 3 operations, 10 ms apart, until it ends or a time
// is over; the faults are over after 100 ms.
func live(t *testing.T, c *client, dies, slow time.Duration) (d done) {
	ctx, cancel := context.WithTimeout(t.Context(), dies)
	defer cancel()
	healed := make(chan struct{})
	c.healed = healed
	time.AfterFunc(100*time.Millisecond, func() { close(healed) })
	start := time.Now()
	d.err = lab.Workload(ctx, c, 3, 10*time.Millisecond, func(seq int64) {
		c.invoked++
		d.seqs, d.at = append(d.seqs, seq), append(d.at, time.Since(start)/time.Millisecond)
		time.Sleep(slow)
	})
	synctest.Wait()
	return d
}

func TestWorkload(t *testing.T) {
	for _, tc := range []struct {
		name       string
		invoked    int64
		dies, slow time.Duration
		want       done
	}{
		{"all of it, and a probe", 0, time.Hour, 0, done{seqs: []int64{1, 2, 3, 4}, at: []time.Duration{0, 10, 20, 100}}},
		{"slower than its period", 0, time.Hour, 15 * time.Millisecond, done{seqs: []int64{1, 2, 3, 4}, at: []time.Duration{0, 15, 30, 100}}},
		{"the rest after a restart", 2, time.Hour, 0, done{seqs: []int64{3, 4}, at: []time.Duration{0, 100}}},
		{"only the probe", 3, time.Hour, 0, done{seqs: []int64{4}, at: []time.Duration{100}}},
		{"no second probe", 4, time.Hour, 0, done{}},
		{"it dies between two", 0, 15 * time.Millisecond, 0, done{seqs: []int64{1, 2}, at: []time.Duration{0, 10}, err: context.DeadlineExceeded}},
		{"it dies in one, when the next is due", 0, 25 * time.Millisecond, 30 * time.Millisecond, done{seqs: []int64{1}, at: []time.Duration{0}, err: context.DeadlineExceeded}},
		{"it dies while it waits for the heal", 0, 50 * time.Millisecond, 0, done{seqs: []int64{1, 2, 3}, at: []time.Duration{0, 10, 20}, err: context.DeadlineExceeded}},
		{"it is dead", 0, 0, 0, done{err: context.DeadlineExceeded}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for range 20 { // a select with two ready cases draws one
				synctest.Test(t, func(t *testing.T) {
					require.Equal(t, tc.want, live(t, &client{invoked: tc.invoked}, tc.dies, tc.slow))
				})
			}
		})
	}
}

// Over all lives of a client every operation is invoked once.
func TestWorkloadRepeatsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		var seqs []int64
		for _, dies := range []time.Duration{15 * time.Millisecond, 0, 5 * time.Millisecond, 50 * time.Millisecond, time.Hour, time.Hour} {
			seqs = append(seqs, live(t, c, dies, 0).seqs...)
		}
		require.Equal(t, []int64{1, 2, 3, 4}, seqs)
	})
}
