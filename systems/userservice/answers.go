package userservice

import (
	"context"
	"time"

	"faultlab/sim/lab"
)

// answers lets a client wait for the answer to its message while somebody else
// reads what comes.
type answers struct {
	lock    *lab.Mutex // guards what follows; held for no time
	waiting string     // the message's name
	came    chan struct{}
}

func newAnswers() *answers { return &answers{lock: lab.NewMutex()} }

// expect returns a channel that is closed when the answer to that message has
// come. A client waits for one at a time.
func (a *answers) expect(name string) <-chan struct{} {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.waiting, a.came = name, make(chan struct{})
	return a.came
}

// take says that the answer to that message has come. Further copies tell
// nobody anything.
func (a *answers) take(name string) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.waiting == name {
		close(a.came)
		a.waiting = ""
	}
}

// within waits for a channel to close, and reports whether it is closed.
func within(ctx context.Context, closed <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-closed:
	case <-t.C:
	case <-ctx.Done():
	}
	// Where two are ready the select chose by lot; an answer counts.
	select {
	case <-closed:
		return true
	default:
		return false
	}
}
