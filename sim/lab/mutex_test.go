package lab_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

// With a sync.Mutex in its place this test never ends: a contender for one
// does not count as blocked, and virtual time stands still.
func TestTimePassesWhileOneWaitsForAMutex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := lab.NewMutex()
		start := time.Now()
		var wg sync.WaitGroup
		inside := 0
		for range 3 {
			wg.Go(func() {
				m.Lock()
				defer m.Unlock()
				inside++
				require.Equal(t, 1, inside)
				time.Sleep(time.Second)
				inside--
			})
		}
		wg.Wait()
		require.Equal(t, 3*time.Second, time.Since(start), "three took the lock, one after the other")
	})
}

func TestLockContextGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := lab.NewMutex()
		require.NoError(t, m.LockContext(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, m.LockContext(ctx), context.DeadlineExceeded)
		m.Unlock()
		for range 50 { // a select with two ready cases draws one
			require.ErrorIs(t, m.LockContext(ctx), context.DeadlineExceeded)
		}
		require.NoError(t, m.LockContext(t.Context()), "who gave up must not hold it")
		m.Unlock()
	})
}

func TestUnlockOfUnlockedPanics(t *testing.T) {
	require.Panics(t, lab.NewMutex().Unlock)
}
