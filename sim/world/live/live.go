//go:build unix

package live

import (
	"context"
	"errors"
	"sync"

	"faultlab/sim/world"
)

// live is the World of real processes.
type live struct {
	opts Options

	mu   sync.Mutex
	said map[string]bool // notices
}

// New gives the live world. The program must call RunIfNode first thing in
// main: nodes are this program executed again.
func New(opts Options) world.World { return &live{opts: opts, said: map[string]bool{}} }

func (l *live) Name() string { return "live" }

func (l *live) Run(ctx context.Context, spec world.Spec, hooks world.Hooks, drive func(context.Context, world.Cluster)) (err error) {
	c, err := l.setUp(spec, hooks)
	// Also when drive panics: nothing may be left running.
	defer func() { err = errors.Join(err, c.takeDown()) }()
	if err == nil {
		drive(ctx, c)
	}
	return err
}

func (l *live) notice(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opts.Notice != nil && !l.said[text] {
		l.said[text] = true
		l.opts.Notice(text)
	}
}
