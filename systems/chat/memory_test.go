package chat

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A person can talk for as long as they like to somebody who does not come back:
// what was not delivered is on the disk, and not in memory.
func TestLinesToNobodyTakeNoMemory(t *testing.T) {
	few, many := heapAfter(t, 400), heapAfter(t, 4000)
	t.Logf("after 400 lines %d bytes, after 4000 lines %d", few, many)
	require.Less(t, float64(many), 1.2*float64(few))
}

// heapAfter is how much is in use when Anouk has said so many lines to Davide, who
// was there once.
func heapAfter(t *testing.T, lines int) uint64 {
	ctx, cancel := context.WithCancel(context.Background())
	d := newDesk(t, anouk)
	b := newBook(ctx, newScreen(d, anouk))
	b.open()
	require.NoError(t, b.failed)
	c := newCourier(b, davide)
	c.at = whereabouts{machine: davide, epoch: 1, until: ahead(time.Hour)}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = c.run(ctx)
	}()
	p := newPen(b, "Davide")
	for range lines {
		require.NoError(t, p.say(ctx, strings.Repeat("x", longest)))
	}
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	p.finish()
	cancel()
	<-stopped
	return stats.HeapAlloc
}
