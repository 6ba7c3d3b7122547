//go:build unix

package live

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

func TestTear(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 1, w, func(ctx context.Context, c world.Cluster) {
		tear := world.InsideFault{ID: 4, Name: "tear", Attrs: map[string]string{"bytes": "1"}}
		require.NoError(t, c.Start(ctx, "store", world.Boot{Inside: []world.InsideFault{tear}}))
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{}))
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
		data, err := c.Disk("store").Read("log")
		require.NoError(t, err)
		require.Equal(t, "1", string(data), "of the line 1\\n one byte is there")
	})
	require.NoError(t, err)
	require.Equal(t, []error{lab.ErrKilled}, w.exits)
	require.Equal(t, map[int]int{4: 1}, w.met)
}

// A fault inside a node may come into force by an event which that same node
// waits for: its answer must find a reader.
func TestSetInsideFromRecord(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 4, w, func(ctx context.Context, c world.Cluster) {
		skew := world.InsideFault{ID: 1, Name: "skew", Attrs: map[string]string{"offset": "-1000h"}}
		w.on = func(e history.Event) {
			if e.Kind != history.Store {
				return
			}
			switch e.Seq {
			case 1:
				require.NoError(t, c.SetInside("store", skew))
				require.NoError(t, c.SetInside("store", world.InsideFault{ID: 2, Name: "overload"}))
			case 2:
				t.Error("an overloaded node stored something")
			}
		}
		require.NoError(t, c.Start(ctx, "store", world.Boot{Watch: []history.Kind{history.Store}}))
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{}))
		require.NoError(t, w.await(ctx, func() bool { return w.waiting == 1 }))
		require.NoError(t, c.ClearInside("store", 2))
		require.NoError(t, c.ClearInside("store", 1))
		c.HealAll()
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
	})
	require.NoError(t, err)
	require.Equal(t, 3, w.met[1], "read its clock")
	require.Equal(t, 3, w.met[2], "turned away")
	require.Len(t, w.of("client", history.OK), 2)
	said := w.of("store", history.Print)
	shown, err := time.Parse(time.RFC3339, said[len(said)-1].Value)
	require.NoError(t, err)
	require.Greater(t, time.Since(shown), 900*time.Hour, "its clock is set back")
}

func TestSetInsideWhileStill(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 1, w, func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.SetInside("store", world.InsideFault{ID: 1, Name: "overload"}), "who is down is told when it starts")
		require.NoError(t, c.Start(ctx, "store", world.Boot{}))
		require.NoError(t, c.Pause("store"))
		require.NoError(t, c.SetInside("store", world.InsideFault{ID: 1, Name: "overload"}), "nobody waits for who stands still")
		require.NoError(t, c.Resume("store"))
		require.NoError(t, c.ClearInside("store", 7), "an answer comes again")
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{}))
		require.NoError(t, w.await(ctx, func() bool { return w.waiting == 1 }))
	})
	require.NoError(t, err)
	require.Equal(t, map[int]int{1: 1}, w.met)
}

func TestUnwatch(t *testing.T) {
	w := newWitness()
	err := drive(t, "plain", 2, w, func(ctx context.Context, c world.Cluster) {
		w.on = func(e history.Event) {
			if e.Kind == history.Store {
				c.Unwatch("store", history.Store)
			}
		}
		require.NoError(t, c.Start(ctx, "store", world.Boot{Watch: []history.Kind{history.Store}}))
		require.NoError(t, c.Open(ctx, link))
		require.NoError(t, c.Start(ctx, "client", world.Boot{Healed: true}))
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
	})
	require.NoError(t, err)
	require.Len(t, w.of("client", history.OK), 3)
}
