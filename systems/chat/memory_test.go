package chat

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab/labtest"
)

// A person can talk for as long as they like to somebody who does not come back:
// what was not delivered is on the disk, and not in memory.
func TestLinesToNobodyTakeNoMemory(t *testing.T) {
	labtest.TakesNoMemory(t, 400, func(lines int) uint64 { return heapAfter(t, lines) })
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
	heap := labtest.Heap()
	p.finish()
	cancel()
	<-stopped
	return heap
}
