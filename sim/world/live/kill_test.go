//go:build unix

package live

import (
	"bufio"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

const link = "client->store"

func TestKillBetweenStoreAndReply(t *testing.T) {
	const kills = 50
	w := newWitness()
	killed := map[int64]bool{}
	err := drive(t, "plain", 1_000_000, w, func(ctx context.Context, c world.Cluster) {
		boot := world.Boot{Incarnation: 1, Watch: []history.Kind{history.Store}}
		stores, restarts := 0, make(chan struct{}, kills)
		w.on = func(e history.Event) {
			if e.Kind != history.Store {
				return
			}
			if stores++; stores%2 == 1 || len(killed) == kills {
				return
			}
			killed[e.Seq] = true
			require.NoError(t, c.Kill("store"))
			require.NoError(t, c.Close(ctx, link))
			restarts <- struct{}{}
		}
		require.NoError(t, c.Start(ctx, "store", boot))
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{Incarnation: 1}))
		for range kills {
			<-restarts
			boot.Incarnation++
			require.NoError(t, c.Start(ctx, "store", boot))
			require.NoError(t, c.Open(ctx, link))
		}
		last := len(w.of("client", history.OK))
		require.NoError(t, w.await(ctx, func() bool { return len(w.ofLocked("client", history.OK)) > last }))
		require.NoError(t, c.Kill("client"))
		require.NoError(t, c.Kill("store"))

		data, err := c.Disk("store").Read("log")
		require.NoError(t, err)
		lines := 0
		for _, b := range data {
			if b == '\n' {
				lines++
			}
		}
		require.Equal(t, stores, lines, "each store is in the file, killed or not")
	})
	require.NoError(t, err)
	require.Len(t, killed, kills)
	for _, e := range w.of("client", history.OK) {
		require.False(t, killed[e.Seq], "op %d was acknowledged by a node killed before its reply", e.Seq)
	}
	require.Empty(t, w.exits, "who was killed did not exit by itself")
}

func TestNoEventAfterKill(t *testing.T) {
	w := newWitness()
	var atKill []history.Event
	err := drive(t, "chatty", 1, w, func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: 1}))
		require.NoError(t, w.await(ctx, func() bool { return len(w.events) > 1000 }))
		require.NoError(t, c.Kill("store"))
		atKill = w.of("store", history.Decide)
		died := int64(c.Elapsed())
		require.Less(t, atKill[len(atKill)-1].T, died)

		// It records after it appends: all but the last append have an event.
		data, err := c.Disk("store").Read("log")
		require.NoError(t, err)
		require.Contains(t, []int{len(data), len(data) - 1}, len(atKill))
	})
	require.NoError(t, err)
	require.Equal(t, atKill, w.of("store", history.Decide), "events came after Kill had returned")
	for i, e := range atKill {
		require.EqualValues(t, i+1, e.Seq)
		require.True(t, i == 0 || atKill[i-1].T <= e.T, "times run backwards")
	}
}

func TestRestartKeepsAddress(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 1, w, func(ctx context.Context, c world.Cluster) {
		for life := 1; life <= 3; life++ {
			require.NoError(t, c.Start(ctx, "store", world.Boot{Incarnation: life}))
			require.ErrorContains(t, c.Start(ctx, "store", world.Boot{Incarnation: life}), "runs already")
			require.NoError(t, w.await(ctx, func() bool { return len(w.ofLocked("store", history.Print)) == life }))
			require.NoError(t, c.Kill("store"))
			require.NoError(t, c.Kill("store"), "who is down can be killed again")
		}
	})
	require.NoError(t, err)
	said := w.of("store", history.Print)
	require.Equal(t, said[0].Value, said[1].Value)
	require.Equal(t, said[0].Value, said[2].Value)
}

// What a node had still to say when it was killed may include a watched event.
// A fault that it fires may need what the killer holds, so the killer must not
// wait for it.
func TestDrainDoesNotWaitForWatched(t *testing.T) {
	w := newWitness()
	held := make(chan struct{})
	w.on = func(e history.Event) {
		if e.Kind == history.Store {
			<-held
		}
	}
	var all sync.WaitGroup
	p := &process{
		cluster: &cluster{hooks: w}, all: &all,
		reports: bufio.NewReader(strings.NewReader(`{"event":{"t":1,"kind":"store"},"wait":1}
{"event":{"t":2,"kind":"decide"}}
{"event":{"t":3,"ki`)),
	}
	p.drain()
	require.Len(t, w.of("", history.Decide), 1, "what is not watched is handed over by then")
	close(held)
	all.Wait()
	require.Len(t, w.events, 2, "the line that the kill cut is dropped")
}
