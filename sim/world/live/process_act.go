//go:build unix

package live

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"faultlab/sim/world"
)

// awaitReady waits until the node's ports are open.
func (p *process) awaitReady(ctx context.Context) error {
	select {
	case <-p.ready:
		return nil
	case <-p.reaped:
		p.drain()
		if p.isReady() {
			return nil
		}
		if err := p.end(); err != nil {
			return fmt.Errorf("it ended before its ports were open: %w", err)
		}
		return errors.New("its role returned before its ports were open")
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("its ports are not open yet: %w", context.Cause(ctx))
	}
}

// kill ends the process at once. When it returns, all its reports are handed
// over; watched events, one of which may wait for this very kill, are under
// way.
func (p *process) kill() {
	p.doom()
	_ = p.cmd.Process.Kill() // fails only on a dead process
	<-p.reaped
	p.drain()
}

// stop asks the process to end.
func (p *process) stop(ctx context.Context, grace time.Duration) error {
	p.doom()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only on a dead process
	// The caller may be who reads the reports, held by an event that waited
	// for this stop; the node must be heard until it has ended.
	p.all.Go(p.follow)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.reaped:
		p.drain()
		return p.stopped()
	case <-timer.C:
	case <-ctx.Done():
	}
	p.kill()
	return world.ErrGrace
}

func (p *process) pause() error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.paused() || p.cmd.Process.Signal(syscall.SIGSTOP) != nil {
		return nil // dead, or still already
	}
	close(p.still)
	return awaitStopped(p.cmd.Process.Pid)
}

func (p *process) resume() {
	p.life.Lock()
	defer p.life.Unlock()
	if !p.paused() {
		return
	}
	p.mu.Lock()
	p.still = make(chan struct{})
	p.mu.Unlock()
	_ = p.cmd.Process.Signal(syscall.SIGCONT) // fails only on a dead process
}

func (p *process) paused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.still:
		return true
	default:
		return false
	}
}

// do gives an order and returns when it is carried out. A node that stands
// still finds it when it goes on.
func (p *process) do(o order) {
	done := make(chan struct{})
	p.mu.Lock()
	p.lastID++
	o.ID = p.lastID
	p.pending[o.ID] = done
	still := p.still
	p.mu.Unlock()
	_ = p.orders.send(o) // a dead node does nothing any more
	select {
	case <-done:
	case <-still:
	case <-p.reaped:
	}
}

// tell gives an order for which nobody waits.
func (p *process) tell(o order) { _ = p.orders.send(o) }

// dead reports that the process has ended.
func (p *process) dead() bool {
	select {
	case <-p.reaped:
		return true
	default:
		return false
	}
}
