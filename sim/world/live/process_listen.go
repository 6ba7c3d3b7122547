//go:build unix

package live

import (
	"bufio"
	"context"
	"fmt"
	"io"
)

// follow hands over what the node reports, to the end of the reports.
func (p *process) follow() {
	for p.next(p.handWatched) {
	}
}

// drain hands over all that a dead node still had to say, so that none of it
// comes after the news of its death.
func (p *process) drain() {
	// A watched event among it may fire a fault that needs what the caller
	// holds: the node's life, if it is another kill.
	aside := func(r report) { p.all.Go(func() { p.hand(r) }) }
	for p.next(aside) {
	}
	p.readers.Wait()
}

// next hands over one report. It may be called by many at once; the reports
// still come in their order.
//
// The turn is given up while a watched event is handed over: what waits for it
// may be the node's own kill, and kill reads the rest of the reports itself.
func (p *process) next(watched func(report)) bool {
	p.turn.Lock()
	r, ok := p.read()
	if !ok {
		p.turn.Unlock()
		return false
	}
	if r.Wait == 0 && !r.Waiting {
		p.hand(r)
		p.turn.Unlock()
		return true
	}
	p.turn.Unlock()
	if r.Dialed != nil {
		// It holds up its own connection only. One that its node has given up
		// already is waited for in vain, and dials pile up behind such: with
		// each in its turn, all would come too late.
		p.all.Go(func() { watched(r) })
		return true
	}
	watched(r)
	return true
}

// handWatched hands over an event that is held back, and lets it go ahead.
func (p *process) handWatched(r report) {
	p.hand(r)
	if r.Wait != 0 {
		_ = p.orders.send(order{Go: r.Wait}) // a dead node does not go ahead
	}
}

// read reads one report; the caller has the turn.
func (p *process) read() (report, bool) {
	var r report
	if p.heard {
		return r, false
	}
	err := receive(p.reports, &r)
	if err != nil {
		p.heard = true
		p.damaged("reports", err)
		return report{}, false
	}
	return r, true
}

// damaged ends a node whose pipe brings anything but lines and their end.
func (p *process) damaged(pipe string, err error) {
	if err != io.EOF {
		p.cluster.fail(fmt.Errorf("read the %s of node %s: %w", pipe, p.name, err))
		_ = p.cmd.Process.Kill() // fails only on a dead process
	}
}

func (p *process) hand(r report) {
	switch {
	case r.Event != nil:
		p.cluster.hooks.Record(*r.Event)
	case r.Waiting:
		p.cluster.hooks.Waiting(p.name)
	case r.Met != nil:
		p.cluster.hooks.Met(p.name, *r.Met)
	case r.Refused != "":
		p.cluster.hooks.Refused(r.Refused)
	case r.Dialed != nil:
		// A link to another terminal has its proxy there.
		if way, ok := p.cluster.proxies[r.Dialed.Link]; ok {
			way.AwaitLinked(context.Background(), r.Dialed.Client)
		}
	case r.Exit != nil:
		p.mu.Lock()
		p.exit = r.Exit
		p.mu.Unlock()
	}
}

func (p *process) readAnswers(r *bufio.Reader) {
	for {
		var a answer
		if err := receive(r, &a); err != nil {
			p.damaged("answers", err)
			return
		}
		p.mu.Lock()
		if a.ID == 0 && !p.isReady() {
			close(p.ready)
		} else if done, ok := p.pending[a.ID]; ok {
			close(done)
			delete(p.pending, a.ID)
		}
		p.mu.Unlock()
	}
}
