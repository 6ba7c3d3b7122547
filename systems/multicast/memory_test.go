package multicast

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
)

// A receiver may be away for as long as it likes: what it lacks is on the sender's
// disk, and not in memory. It stops nobody else: what is said goes out at once.
func TestMessagesToNobodyTakeNoMemory(t *testing.T) {
	labtest.TakesNoMemory(t, 400, func(messages int) uint64 { return heapAfter(t, messages) })
}

// heapAfter is how much is in use when so many messages are out, to a receiver
// that wants all of them and gets none.
func heapAfter(t *testing.T, messages int) uint64 {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d := host{disk: labtest.Folder(t.TempDir())}
	s, err := openSaid(ctx, d)
	require.NoError(t, err)
	m := &member{name: "receiver", conn: nowhere{}}
	k := &speaker{env: d, said: s, members: []*member{m}, news: make(chan struct{}, 1)}
	for range messages {
		k.waiting = append(k.waiting, history.Event{Value: strings.Repeat("x", longest)})
		_, err := k.flush(ctx, ahead(time.Minute))
		require.NoError(t, err)
	}
	require.EqualValues(t, messages, s.last.Load())
	var c cursor
	lacking, err := s.from(&c, 1, window)
	require.NoError(t, err)
	require.Len(t, lacking, window)
	lacking = nil
	heap := labtest.Heap()
	runtime.KeepAlive(k)
	return heap
}
