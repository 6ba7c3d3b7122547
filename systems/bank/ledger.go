package bank

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/systems/bank/bankpb"
)

// journalFile has a record for each entry, or for all of a stream whose client
// knows no sessions.
const journalFile = "ledger.journal"

// entry is something that the bank has done.
type entry struct {
	Operation string `json:"operation"`
	Amount    money  `json:"amount"` // of a total, the sum of its deposits
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Session   string `json:"session,omitempty"`
	Seq       int64  `json:"seq,omitempty"`
}

// result is what the bank answers.
func (e entry) result() money {
	if e.Operation == full {
		return e.Amount.fullConverted()
	}
	return e.Amount.converted()
}

// text is what a statement says of it.
func (e entry) text() string {
	if e.Operation == total {
		return e.result().String()
	}
	return entryText(e.Amount, e.From, e.To)
}

// ledger is the hardened bank's memory. Its journal is the table of the
// sessions too, so that what a client may count on and what the bank has done
// are durable together or not at all.
type ledger struct {
	ctx    context.Context // of the node
	env    lab.Env
	opened chan struct{} // closed when the journal has been read

	journal  *journal.Journal
	lock     *lab.Mutex // guards sessions; held for no time
	sessions map[string]*session
}

func newLedger(ctx context.Context, env lab.Env) *ledger {
	return &ledger{ctx: ctx, env: env, opened: make(chan struct{}), lock: lab.NewMutex(), sessions: map[string]*session{}}
}

// open reads the journal. With a broken disk that takes until it is mended;
// who asks earlier waits.
func (l *ledger) open() error {
	j, records, err := journal.Open(l.ctx, l.env, journalFile)
	if err != nil {
		return err
	}
	for _, text := range records {
		var entries []entry
		if err := json.Unmarshal(text, &entries); err != nil {
			return fmt.Errorf("read %s: %q is no record of this journal; move the file away to begin a new one: %w", journalFile, text, err)
		}
		for _, e := range entries {
			s := l.session(e.Session)
			// An append of unknown outcome was made again, and both are there.
			if e.Session == "" || e.Seq > s.acked() {
				s.add(e)
			}
		}
	}
	l.journal = j
	close(l.opened)
	return nil
}

// ready waits until the journal has been read.
func (l *ledger) ready(ctx context.Context, about history.Event) error {
	select {
	case <-l.opened:
		return nil
	default:
	}
	select {
	case <-l.opened:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil { // where both are ready the select chose by lot
		return err
	}
	// All that waited go on in one instant; an event has a time of its own.
	l.decide(about, "the ledger is read → go on")
	return nil
}

// session gives the session of that name, a new one if there is none.
func (l *ledger) session(name string) *session {
	l.lock.Lock()
	defer l.lock.Unlock()
	s := l.sessions[name]
	if s == nil {
		s = &session{lock: lab.NewMutex()}
		l.sessions[name] = s
	}
	return s
}

// write journals entries, all or none. It does not end with the call that
// wants it: what is under way must come to an end that is known.
func (l *ledger) write(entries ...entry) error {
	text, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	return l.journal.Append(l.ctx, text)
}

// stored records that an entry is in the journal.
func (l *ledger) stored(e entry) {
	about := aboutItem(l.env.Params(), e.Session, e.Seq, e.Amount.float())
	about.Kind, about.Op, about.Value = history.Store, e.Operation, e.text()
	l.env.Record(about)
}

func (l *ledger) decide(about history.Event, detail string) {
	about.Kind, about.Op, about.Detail = history.Decide, "enter", detail
	l.env.Record(about)
}

// lines gives all that counts, session by session. Between two clients there is
// no order to be kept.
func (l *ledger) lines(ctx context.Context) ([]*bankpb.Line, error) {
	l.lock.Lock()
	names := slices.Sorted(maps.Keys(l.sessions))
	l.lock.Unlock()
	var lines []*bankpb.Line
	for _, name := range names {
		entries, err := l.session(name).counted(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			lines = append(lines, &bankpb.Line{Operation: e.Operation, Text: e.text(), Session: e.Session, Seq: e.Seq})
		}
	}
	return lines, nil
}
