//go:build unix

package live

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// witness is the Hooks of a test. It keeps what it is told.
type witness struct {
	on func(history.Event) // called by Record; may be nil

	mu      sync.Mutex
	events  []history.Event
	exits   []error
	waiting int
	met     map[int]int
	refused map[string]int
	changed chan struct{}
}

func newWitness() *witness {
	return &witness{met: map[int]int{}, refused: map[string]int{}, changed: make(chan struct{})}
}

func (w *witness) note(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *witness) Record(e history.Event) {
	w.note(func() { w.events = append(w.events, e) })
	if w.on != nil {
		w.on(e)
	}
}

func (w *witness) Exited(_ string, err error) { w.note(func() { w.exits = append(w.exits, err) }) }
func (w *witness) Waiting(string)             { w.note(func() { w.waiting++ }) }
func (w *witness) Met(_ string, id int)       { w.note(func() { w.met[id]++ }) }
func (w *witness) Refused(link string)        { w.note(func() { w.refused[link]++ }) }

// await blocks until cond holds; the test's own deadline bounds it.
func (w *witness) await(ctx context.Context, cond func() bool) error {
	for {
		w.mu.Lock()
		ok, changed := cond(), w.changed
		w.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// of lists the events of one kind at one node. The caller holds no lock.
func (w *witness) of(node string, kind history.Kind) []history.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ofLocked(node, kind)
}

func (w *witness) ofLocked(node string, kind history.Kind) []history.Event {
	var found []history.Event
	for _, e := range w.events {
		if e.Node == node && e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

func specOf(t testing.TB, variant string, ops int) world.Spec {
	t.Helper()
	s, _ := registry.Lookup("depot")
	v, ok := s.Variant(variant)
	require.True(t, ok)
	p, err := s.Params.Parse(map[string]string{"ops": fmt.Sprint(ops)})
	require.NoError(t, err)
	return world.Spec{System: s, Variant: v, Scenario: &scenarios.Scenario{Params: p}, Seed: 1}
}

// drive runs a variant under the test and checks that nothing of it is left.
func drive(t *testing.T, variant string, ops int, w *witness, f func(context.Context, world.Cluster)) error {
	t.Helper()
	return driveWith(t, Options{Temp: t.TempDir()}, specOf(t, variant, ops), w, f)
}

func driveWith(t *testing.T, opts Options, spec world.Spec, w *witness, f func(context.Context, world.Cluster)) error {
	t.Helper()
	err := New(opts).Run(t.Context(), spec, w, f)
	requireNothingLeft(t, opts.Temp)
	return err
}

func requireNothingLeft(t *testing.T, temp string) {
	t.Helper()
	require.Empty(t, nodesUnder(t, temp), "processes are left")
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left, "files are left")
}

// nodesUnder lists the processes that are nodes of runs with that folder. It
// finds none where there is no /proc.
func nodesUnder(t testing.TB, temp string) []string {
	t.Helper()
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	require.NoError(t, err)
	var found []string
	for _, file := range environs {
		env, err := os.ReadFile(file)
		if err == nil && bytes.Contains(env, []byte(marker+"="+temp+"/")) {
			found = append(found, file)
		}
	}
	return found
}
