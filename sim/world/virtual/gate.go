package virtual

import "sync"

// gate holds back a paused node.
type gate struct {
	mu     sync.Mutex
	opened chan struct{} // nil while the gate stands open
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened == nil {
		g.opened = make(chan struct{})
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened != nil {
		close(g.opened)
		g.opened = nil
	}
}

// pass waits while the gate is closed, and reports whether it had to. Who had
// to must let a time of its own pass before it acts: all that a pause holds
// back would go on in one instant.
func (g *gate) pass() (waited bool) {
	for {
		g.mu.Lock()
		opened := g.opened
		g.mu.Unlock()
		if opened == nil {
			return waited
		}
		<-opened
		waited = true
	}
}
