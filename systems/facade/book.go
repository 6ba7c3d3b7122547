package facade

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// journalFile has a record for each message that is stored.
const journalFile = "messages.journal"

// book is the hardened log. Its journal is its table of ids, so that both are
// durable together or not at all.
//
// A message takes its place before it is written, and at the same moment in
// which the book sees that it is new: a second attempt at it finds the first
// one under way, and waits for what becomes of it.
type book struct {
	ctx    context.Context // of the node
	env    lab.Env
	opened chan struct{} // closed when the journal has been read

	lock    *lab.Mutex // guards what follows; held for no time
	journal *journal.Journal
	places  []*place // in their order
	ids     map[string]*place
	next    int // number of the next place
}

// place is a message's place in the log.
type place struct {
	Number int    `json:"number"` // of the place, from 0; the order of the log
	ID     string `json:"id"`
	Msg    string `json:"msg"`

	written chan struct{} // closed when it is known whether it is stored
	stored  bool
}

func newBook(ctx context.Context, env lab.Env) *book {
	return &book{ctx: ctx, env: env, opened: make(chan struct{}), lock: lab.NewMutex(), ids: map[string]*place{}}
}

// serve opens the book and runs a service on it. The service begins at once:
// with a broken disk it may take a while until the journal is read, and who
// asks earlier waits for that.
func (b *book) serve(service func(context.Context) error) error {
	ctx, cancel := context.WithCancel(b.ctx)
	recovered := make(chan error, 1)
	go func() {
		err := b.recover()
		if err != nil {
			cancel()
		}
		recovered <- err
	}()
	err := service(ctx)
	cancel()
	return errors.Join(err, <-recovered)
}

// recover reads the journal.
func (b *book) recover() error {
	j, records, err := journal.Open(b.ctx, b.env, journalFile)
	if err != nil {
		return err
	}
	written := make(chan struct{})
	close(written)
	for _, text := range records {
		p := &place{written: written, stored: true}
		if err := json.Unmarshal(text, p); err != nil {
			return fmt.Errorf("read %s: %q is no record of this journal; move the file away to begin a new one: %w", journalFile, text, err)
		}
		b.places = append(b.places, p)
		b.ids[p.ID] = p
	}
	// Records of one moment are written in any order.
	slices.SortFunc(b.places, func(p, q *place) int { return p.Number - q.Number })
	if n := len(b.places); n > 0 {
		b.next = b.places[n-1].Number + 1
	}
	b.journal = j
	close(b.opened)
	return nil
}

// until waits for a channel to close, until the caller has gone or the node
// ends. A caller that has given up must not be waited for: each of its attempts
// would leave a waiting one behind, and a crowd would go on when the disk does.
func (b *book) until(ctx context.Context, closed <-chan struct{}) error {
	select {
	case <-closed:
	case <-ctx.Done():
	case <-b.ctx.Done():
	}
	// Where several are ready the select chose by lot.
	return cmp.Or(b.ctx.Err(), ctx.Err())
}

// store returns nil once the message is synced, now or before. ctx is the
// caller's: who has gone is not waited for.
func (b *book) store(ctx context.Context, e history.Event) error {
	select {
	case <-b.opened:
	default:
		if err := b.until(ctx, b.opened); err != nil {
			return fmt.Errorf("%w: the journal is not read yet: %w", errNotStored, err)
		}
		// All that waited go on in one instant; an event has a time of its own.
		b.decide(e, "the journal is read → go on")
	}
	for {
		p, fresh := b.take(e.ID, e.Value)
		if fresh {
			return b.write(p, e)
		}
		if err := b.until(ctx, p.written); err != nil {
			return fmt.Errorf("another attempt at %s is under way: %w", e.ID, err)
		}
		if !p.stored {
			continue // the place was given up
		}
		same := p.Msg == e.Value
		b.decide(e, fmt.Sprintf("%s is known, as the same message = %t → %s", e.ID, same, map[bool]string{true: "skip", false: "refuse"}[same]))
		if !same {
			return fmt.Errorf("%s: %w", e.ID, errConflict)
		}
		b.env.Printf("[DUPLICATE] %s", e.ID)
		return nil
	}
}

// take finds the place of an id, or takes a new one for it.
func (b *book) take(id, msg string) (p *place, fresh bool) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if p := b.ids[id]; p != nil {
		return p, false
	}
	p = &place{Number: b.next, ID: id, Msg: msg, written: make(chan struct{})}
	b.next++
	b.places = append(b.places, p)
	b.ids[id] = p
	return p, true
}

// write journals a message that has its place. It does not end with the call:
// what is under way must come to an end that is known.
func (b *book) write(p *place, e history.Event) error {
	b.decide(e, fmt.Sprintf("%s is new → store", e.ID))
	err := lab.Rest(b.ctx, b.env.Params().Duration("work"))
	uncertain := false
	if err == nil {
		var text []byte
		if text, err = json.Marshal(p); err == nil {
			err = b.journal.Append(b.ctx, text)
			uncertain = errors.Is(err, journal.ErrUncertain)
		}
	}
	b.lock.Lock()
	p.stored = err == nil
	if err != nil {
		delete(b.ids, p.ID)
		b.places = slices.DeleteFunc(b.places, func(q *place) bool { return q == p })
	}
	b.lock.Unlock()
	close(p.written)
	switch {
	case uncertain:
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", errNotStored, err)
	}
	e.Kind, e.Op = history.Store, "message"
	b.env.Record(e)
	b.env.Printf("[LOGGED] %s -> %s", e.ID, e.Value)
	return nil
}

func (b *book) decide(e history.Event, detail string) {
	e.Kind, e.Op, e.Detail = history.Decide, "store", detail
	b.env.Record(e)
}

// all gives the messages that are stored, in their order.
func (b *book) all(ctx context.Context) ([]string, error) {
	if err := b.until(ctx, b.opened); err != nil {
		return nil, fmt.Errorf("the journal is not read yet: %w", err)
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	logs := []string{} // and no null in JSON
	for _, p := range b.places {
		if p.stored {
			logs = append(logs, p.Msg)
		}
	}
	return logs, nil
}
