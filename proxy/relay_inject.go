package proxy

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RelayFault is a fault in force on a relay.
type RelayFault struct {
	relay    *Relay
	active   *Active
	scripted bool // it is of a scenario, and not of the control API
}

// Inject puts a fault on the link. It returns when the fault is in force. What
// was sent before it was called is passed on before that: a fault at a trigger
// meets the datagram of the trigger, and none before it.
func (r *Relay) Inject(ctx context.Context, f Fault) (*RelayFault, error) {
	return r.put(ctx, f, true)
}

func (r *Relay) put(ctx context.Context, f Fault, scripted bool) (*RelayFault, error) {
	active, err := PreparePackets(f)
	if err == nil {
		err = bounded(ctx, "wait for what is on its way", r.flush)
	}
	if err == nil {
		err = r.begins(active, scripted)
	}
	if err != nil {
		return nil, fmt.Errorf("inject %s into %s: %w", f.Kind, r.name, err)
	}
	return &RelayFault{r, active, scripted}, nil
}

func (r *Relay) begins(a *Active, scripted bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return errors.New("the relay is closed")
	}
	if scripted {
		r.scripted++
	}
	if a.kind.Name == Down {
		r.downs = append(r.downs, a)
		a.Lost(r.clear())
		r.settle()
		return nil
	}
	r.faults = append(r.faults, a)
	r.settle()
	for _, s := range r.sessions {
		for _, w := range s.ways {
			w.lane.Add(a, time.Now(), w.forward)
			r.await(w)
		}
	}
	return nil
}

// Heal ends the fault and tells what it met. It is called once.
func (f *RelayFault) Heal(context.Context) (Effect, error) {
	r := f.relay
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.scripted {
		r.scripted--
	}
	f.active.End()
	r.downs, r.faults = remove(r.downs, f.active), remove(r.faults, f.active)
	for _, s := range r.sessions {
		for _, w := range s.ways {
			w.lane.End(f.active, time.Now(), w.forward)
			r.await(w)
		}
	}
	r.settle()
	return f.active.Effect(), nil
}
