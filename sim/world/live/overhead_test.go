//go:build unix

package live

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

// BenchmarkRun is what a run of two nodes costs beside what it does.
func BenchmarkRun(b *testing.B) {
	l := New(Options{Temp: b.TempDir()})
	for b.Loop() {
		w := newWitness()
		err := l.Run(b.Context(), specOf(b, "plain", 1), w, func(ctx context.Context, c world.Cluster) {
			startAll(b, ctx, w, c)
		})
		require.NoError(b, err)
	}
}

// BenchmarkRecord is what an event costs: an append to a file and its way to
// the runner, and for a watched one the way back.
func BenchmarkRecord(b *testing.B) {
	for _, watch := range []history.Kind{"", history.Decide} {
		b.Run("watch="+string(watch), func(b *testing.B) {
			w := newWitness()
			err := New(Options{Temp: b.TempDir()}).Run(b.Context(), specOf(b, "chatty", 1), w, func(ctx context.Context, c world.Cluster) {
				seen := make(chan struct{}, 1024)
				w.on = func(history.Event) {
					select {
					case seen <- struct{}{}:
					case <-ctx.Done():
					}
				}
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				require.NoError(b, c.Start(ctx, "store", world.Boot{Watch: []history.Kind{watch}}))
				for b.Loop() {
					<-seen
				}
			})
			require.NoError(b, err)
		})
	}
}
