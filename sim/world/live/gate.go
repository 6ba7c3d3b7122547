//go:build unix

package live

import (
	"slices"
	"sync"

	"faultlab/sim/history"
)

// gate holds back events for which a trigger may wait, each until the runner
// lets it go. Its lock is never held across a write: orders must pass while
// the reports are stuck behind a full pipe.
type gate struct {
	mu    sync.Mutex
	kinds []history.Kind // watched
	last  int            // number of the last event that was held back
	held  map[int]chan struct{}
}

// hold gives the number under which an event of that kind waits, and what it
// waits for; 0 and nil if none of that kind does.
func (g *gate) hold(kind history.Kind) (int, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Contains(g.kinds, kind) {
		return 0, nil
	}
	return g.next()
}

// wait is hold for what is always held back.
func (g *gate) wait() (int, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.next()
}

// next numbers what waits; g.mu is held.
func (g *gate) next() (int, <-chan struct{}) {
	g.last++
	c := make(chan struct{})
	g.held[g.last] = c
	return g.last, c
}

func (g *gate) letGo(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c, ok := g.held[n]; ok {
		close(c)
		delete(g.held, n)
	}
}

func (g *gate) letAllGo() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for n, c := range g.held {
		close(c)
		delete(g.held, n)
	}
}

func (g *gate) unwatch(kind history.Kind) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kinds = slices.DeleteFunc(g.kinds, func(k history.Kind) bool { return k == kind })
}
