package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

const (
	// liveAtOnce is how many pages may have a live run at a time. More would
	// delay one another, and then a script's times mean something else.
	liveAtOnce = 2
	// booked is how many runs may be asked for and not yet fetched.
	booked = 16
	// beat is how often events are sent: a page draws no faster.
	beat = 50 * time.Millisecond
	// unsent is how many events wait for a page that does not keep up. What
	// comes then is counted and left out; the result at the end has all.
	unsent = 20_000
)

// lives are the live runs that were asked for.
//
// A stream of events can only be fetched with GET, and a GET can be caused by
// any page: so the run is booked with a POST first, and the GET names it by a
// ticket that only who booked it knows.
type lives struct {
	mu      sync.Mutex
	tickets []ticket
	running int
}

type ticket struct {
	id string
	p  prepared
}

func newLives() *lives { return &lives{} }

func (l *lives) add(p prepared) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := ticket{rand.Text(), p}
	l.tickets = append(l.tickets, t)
	if len(l.tickets) > booked {
		l.tickets = l.tickets[1:] // nobody came for it
	}
	return t.id
}

// take redeems a ticket. If it gives no error, end must be called.
func (l *lives) take(id string) (p prepared, end func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.tickets, func(t ticket) bool { return t.id == id })
	if i < 0 {
		return prepared{}, nil, errors.New("there is no such run, or it was fetched before; ask for it again")
	}
	if l.running >= liveAtOnce {
		return prepared{}, nil, errBusy
	}
	p = l.tickets[i].p
	l.tickets = slices.Delete(l.tickets, i, i+1)
	l.running++
	return p, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.running--
	}, nil
}

// book validates what is to be run live and gives a ticket for it.
func (s *server) book(w http.ResponseWriter, r *http.Request) {
	var in request
	if !read(w, r, &in) {
		return
	}
	p, err := s.prepare(in)
	switch {
	case err != nil:
		unreadable(w, err)
	case s.Live == nil:
		refuse(w, http.StatusNotImplemented, errors.New("this machine has no live world: it needs signals and inherited pipes"))
	case p.World != "":
		refuse(w, http.StatusConflict, fmt.Errorf("only the %s world can do this script", p.World))
	default:
		answer(w, http.StatusOK, struct {
			Ticket   string   `json:"ticket"`
			Variants []string `json:"variants"`
		}{s.lives.add(p), p.names()})
	}
}

func (p prepared) names() (names []string) {
	for _, v := range p.variants {
		names = append(names, v.Name)
	}
	return names
}

// live runs what was booked in real processes, and streams what happens. They
// live as long as the connection: a page that is closed takes them with it.
func (s *server) live(w http.ResponseWriter, r *http.Request) {
	p, end, err := s.lives.take(r.URL.Query().Get("ticket"))
	if err != nil {
		status := http.StatusNotFound
		if errors.Is(err, errBusy) {
			status = http.StatusTooManyRequests
		}
		refuse(w, status, err)
		return
	}
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	stream := &stream{w: w, waiting: make([]batch, len(p.variants))}
	for i := range stream.waiting {
		stream.waiting[i].Side = i
	}
	ctx, cancel := context.WithCancel(r.Context())
	results := make([]world.Result, len(p.variants))
	done := make(chan struct{})
	go func() {
		defer close(done)
		var wg sync.WaitGroup
		for i, v := range p.variants {
			wg.Go(func() {
				results[i] = s.Live(ctx, p.job(v), func(e history.Event) { stream.add(i, e) })
			})
		}
		wg.Wait()
	}()
	// Also when the page has gone: nothing may be left running when this returns.
	defer func() { cancel(); <-done }()

	tick := time.NewTicker(beat)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-tick.C:
		case <-done:
			over = true
		case <-r.Context().Done():
			return
		}
		if stream.flush() != nil {
			return
		}
	}
	v, err := viewOf(p, results)
	if err != nil {
		_ = stream.send("trouble", refusal{Error: err.Error()}) // the page may have gone
		return
	}
	_ = stream.send("result", v)
}

// stream sends events as they come, a batch a beat.
type stream struct {
	w http.ResponseWriter

	mu      sync.Mutex
	waiting []batch // one a variant
}

type batch struct {
	Side   int             `json:"side"`
	Events []history.Event `json:"events"`
	Left   int             `json:"left"` // events that were too many, since the last batch
}

// add never waits for the page: a lab's node waits for it.
func (s *stream) add(side int, e history.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.waiting[side]
	if len(b.Events) >= unsent {
		b.Left++
		return
	}
	b.Events = append(b.Events, e)
}

func (s *stream) flush() error {
	s.mu.Lock()
	var ready []batch
	for i := range s.waiting {
		if len(s.waiting[i].Events) > 0 {
			ready = append(ready, s.waiting[i])
			s.waiting[i] = batch{Side: i}
		}
	}
	s.mu.Unlock()
	for _, b := range ready {
		if err := s.send("events", b); err != nil {
			return err
		}
	}
	return nil
}

// send writes one server-sent event. Encoded JSON has no line breaks.
func (s *stream) send(name string, what any) error {
	text, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("encode %s for the page: %w", name, err)
	}
	control := http.NewResponseController(s.w)
	if err := control.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", name, text); err != nil {
		return fmt.Errorf("send %s to the page: %w", name, err)
	}
	return control.Flush()
}
