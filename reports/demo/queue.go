package demo

import (
	"context"
	"errors"
	"sync"
)

// admitted is how many requests for runs may be under way, most of them
// waiting for a worker. More would wait longer than a person looks at a page.
const admitted = 8

// errBusy is the answer to those that are too many.
var errBusy = errors.New("busy: many others are running scripts on this server; try again in a moment")

// queue bounds the runs. Of each page it serves the newest request alone: who
// drags a fault on has no use for what came of where it was before.
type queue struct {
	mu    sync.Mutex
	under int
	pages map[string]*turn
}

// turn is a request's place in the queue.
type turn struct{ cancel context.CancelCauseFunc }

// errOvertaken ends a request when its page has a newer one.
var errOvertaken = errors.New("overtaken by a newer request of the same page")

func newQueue() *queue { return &queue{pages: map[string]*turn{}} }

// enter lets a request in, and ends the older one of its page. leave must be
// called.
func (q *queue) enter(ctx context.Context, page string) (_ context.Context, leave func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if old := q.pages[page]; old != nil {
		old.cancel(errOvertaken)
	}
	if q.under >= admitted {
		return nil, nil, errBusy
	}
	q.under++
	ctx, cancel := context.WithCancelCause(ctx)
	t := &turn{cancel}
	if page != "" {
		q.pages[page] = t
	}
	return ctx, func() {
		cancel(nil)
		q.mu.Lock()
		defer q.mu.Unlock()
		q.under--
		if q.pages[page] == t {
			delete(q.pages, page)
		}
	}, nil
}
