//go:build unix

package live

import (
	"errors"
	"fmt"
	"syscall"

	"faultlab/sim/lab"
)

// crashed reports that the process came to an end which neither it nor its
// runner meant. Call it once the process is drained.
func (p *process) crashed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	how := p.status.Sys().(syscall.WaitStatus)
	if how.Exited() {
		return p.exit == nil || how.ExitStatus() != 0
	}
	torn := p.exit != nil && p.exit.Torn
	ended := p.doomed && (how.Signal() == syscall.SIGKILL || how.Signal() == syscall.SIGTERM)
	return !torn && !ended
}

// end tells how a node ended that nobody ended: nil if its role was done.
func (p *process) end() error {
	if p.crashed() {
		return fmt.Errorf("crashed (%v); its console ends with:\n%s", p.status, p.console.tail())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.exit == nil:
		return errors.New("was killed")
	case p.exit.Torn:
		return lab.ErrKilled
	case p.exit.Err != "":
		return errors.New(p.exit.Err)
	}
	return nil
}

// stopped tells what went wrong in a node that was asked to end, and did.
func (p *process) stopped() error {
	p.mu.Lock()
	heard := p.exit != nil
	p.mu.Unlock()
	if !heard && !p.crashed() {
		return nil // SIGTERM met it before it could listen for it
	}
	if err := p.end(); err != nil {
		return fmt.Errorf("it failed while it stopped: %w", err)
	}
	return nil
}
