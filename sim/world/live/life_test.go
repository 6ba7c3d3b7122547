//go:build unix

package live

import (
	"context"
	"errors"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

func TestPauseAndResume(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere a pause is only asked for")
	}
	w := newWitness()
	err := drive(t, "chatty", 1, w, func(ctx context.Context, c world.Cluster) {
		more := func() bool {
			n := len(w.of("store", history.Decide))
			return w.await(ctx, func() bool { return len(w.ofLocked("store", history.Decide)) > n+10 }) == nil
		}
		require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: 1}))
		for range 5 {
			require.True(t, more())
			require.NoError(t, c.Pause("store"))
			require.NoError(t, c.Pause("store"), "who stands still can be paused again")
			paused := int64(c.Elapsed())
			require.NoError(t, c.Start(ctx, "client", world.Boot{Incarnation: 1})) // takes a while
			require.NoError(t, c.Kill("client"))
			resumed := int64(c.Elapsed())
			require.NoError(t, c.Resume("store"))
			require.NoError(t, c.Resume("store"), "who runs can be resumed again")
			require.True(t, more())
			for _, e := range w.of("store", history.Decide) {
				require.False(t, paused < e.T && e.T < resumed, "it recorded an event while it was paused")
			}
		}
		require.NoError(t, c.Pause("store"))
		require.NoError(t, c.Kill("store"), "who stands still can be killed")
		require.NoError(t, c.Pause("store"))
		require.NoError(t, c.Resume("store"))
	})
	require.NoError(t, err)
}

func TestStop(t *testing.T) {
	cases := []struct {
		variant string
		grace   time.Duration
		err     string
	}{
		{"plain", time.Minute, ""},
		{"chatty", time.Minute, ""},
		{"stubborn", time.Millisecond, "did not end in time after SIGTERM and was killed"},
	}
	for _, tc := range cases {
		t.Run(tc.variant, func(t *testing.T) {
			w := newWitness()
			err := drive(t, tc.variant, 1, w, func(ctx context.Context, c world.Cluster) {
				require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: 1}))
				err := c.Stop(ctx, "store", tc.grace)
				if tc.err == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, tc.err)
				}
				require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: 2}))
			})
			require.NoError(t, err)
			require.Empty(t, w.exits)
		})
	}
}

// An event can wait for the stop of the very node that records it. Neither may
// wait for the other.
func TestStopFromRecord(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 1, w, func(ctx context.Context, c world.Cluster) {
		stopped := make(chan error, 1)
		w.on = func(e history.Event) {
			if e.Kind == history.Store {
				stopped <- c.Stop(ctx, "store", time.Minute)
			}
		}
		require.NoError(t, c.Start(ctx, "store", world.Boot{Watch: []history.Kind{history.Store}}))
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{}))
		require.NoError(t, <-stopped)
	})
	require.NoError(t, err)
}

func TestStartFails(t *testing.T) {
	cases := []struct {
		variant string
		start   string // error of Start
		run     string // error of Run; "": none
	}{
		{"failing", "ended before its ports were open: no coffee", ""},
		{"quitter", "role returned before its ports were open", ""},
		{"deaf", "its ports are not open yet: context canceled", ""},
		{"panics", "panic: out of cheese", "panic: out of cheese"},
	}
	for _, tc := range cases {
		t.Run(tc.variant, func(t *testing.T) {
			w := newWitness()
			err := drive(t, tc.variant, 1, w, func(ctx context.Context, c world.Cluster) {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				if tc.variant == "deaf" {
					cancel()
				}
				require.ErrorContains(t, c.Start(ctx, "store", world.Boot{}), tc.start)
			})
			if tc.run == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.run)
				require.ErrorContains(t, err, "lab_test.go", "the stack is missing")
			}
			require.Empty(t, w.exits, "Start has told already")
		})
	}
}

func TestExited(t *testing.T) {
	for _, tc := range []struct{ variant, exit, run string }{
		{"panics-late", "panic: out of milk", "node store crashed"},
		{"garbles", "crashed (signal: killed)", "read the reports of node store: damaged line"},
	} {
		t.Run(tc.variant, func(t *testing.T) {
			w := newWitness()
			err := drive(t, tc.variant, 1, w, func(ctx context.Context, c world.Cluster) {
				// It may be dead before its start is seen to have succeeded.
				_ = c.Start(ctx, "store", world.Boot{})
				require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
			})
			require.ErrorContains(t, err, tc.run)
			require.ErrorContains(t, w.exits[0], tc.exit)
			if tc.variant == "panics-late" {
				require.NotEmpty(t, w.of("store", history.Print), "a panic is seen on the console")
			}
		})
	}
}

func TestKilledByAStranger(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 1, w, func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.Start(ctx, "store", world.Boot{}))
		pid := c.(*cluster).seat("store").last().cmd.Process.Pid
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
	})
	require.ErrorContains(t, err, "signal: killed")
	require.False(t, errors.Is(w.exits[0], lab.ErrKilled), "only a tear ends a node as a fault does")
}

func TestWorkloadEnds(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 3, w, func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.Start(ctx, "client", world.Boot{Incarnation: 1}))
		require.NoError(t, w.await(ctx, func() bool { return w.waiting == 1 }))
		require.Equal(t, map[string]int{link: 3}, w.refused, "a closed link refuses")

		require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: 1}))
		require.NoError(t, c.Open(ctx, link))
		c.HealAll()
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
		require.Len(t, w.ofLocked("client", history.Invoke), 4, "three operations and a probe")
		require.Len(t, w.ofLocked("client", history.OK), 1)

		// A client that starts after the heal knows where it was, and that it
		// need not wait, even if its boot was put together before.
		require.NoError(t, c.Start(ctx, "client", world.Boot{Incarnation: 2, Invoked: 2}))
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 2 }))
		require.Equal(t, 1, w.waiting)
		seqs := []int64{}
		for _, e := range w.of("client", history.Invoke) {
			seqs = append(seqs, e.Seq)
		}
		require.Equal(t, []int64{1, 2, 3, 4, 3, 4}, seqs)
	})
	require.NoError(t, err)
	require.Equal(t, []error{nil, nil}, w.exits)
}

func TestPowerCutIsRefused(t *testing.T) {
	require.NoError(t, drive(t, "plain", 1, newWitness(), func(_ context.Context, c world.Cluster) {
		_, err := c.PowerCut("store", false)
		require.ErrorContains(t, err, "world virtual")
	}))
}
