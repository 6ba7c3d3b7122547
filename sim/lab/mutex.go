package lab

import "context"

// Mutex is a mutual exclusion lock for labs. A sync.Mutex held across anything
// that takes virtual time, with one contender, stops virtual time for ever
// (the contender does not count as blocked); a channel does not.
type Mutex struct{ held chan struct{} }

// NewMutex returns an unlocked Mutex.
func NewMutex() *Mutex { return &Mutex{held: make(chan struct{}, 1)} }

// Lock waits for the lock.
func (m *Mutex) Lock() { m.held <- struct{}{} }

// LockContext waits for the lock until ctx ends, and returns ctx's error then.
func (m *Mutex) LockContext(ctx context.Context) error {
	// A select chooses by lot where both are ready, and a replay would differ.
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case m.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Unlock releases the lock. It panics if the lock is not held.
func (m *Mutex) Unlock() {
	select {
	case <-m.held:
	default:
		panic("lab: unlock of unlocked Mutex")
	}
}
