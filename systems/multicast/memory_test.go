package multicast

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

// A receiver may be away for as long as it likes: what it lacks is on the sender's
// disk, and not in memory. It stops nobody else: what is said goes out at once.
func TestMessagesToNobodyTakeNoMemory(t *testing.T) {
	few, many := heapAfter(t, 400), heapAfter(t, 4000)
	t.Logf("after 400 messages %d bytes, after 4000 messages %d", few, many)
	require.Less(t, float64(many), 1.2*float64(few))
}

// heapAfter is how much is in use when so many messages are out, to a receiver
// that wants all of them and gets none.
func heapAfter(t *testing.T, messages int) uint64 {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d := host{disk: tempDisk{dir: t.TempDir()}}
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
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	runtime.KeepAlive(k)
	return stats.HeapAlloc
}
