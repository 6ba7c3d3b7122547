package tcpecho

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// journalFile has a record for each text that was handled: its frame, with what
// its command added to the echo.
const journalFile = "texts.journal"

// ledger is the server's memory. The log is the table of what was handled, so
// that both are durable together or not at all.
type ledger struct {
	ctx    context.Context // of the node
	env    lab.Env
	opened chan struct{} // closed when the journal has been read

	journal *journal.Journal
	lock    *lab.Mutex // guards members; held for no time
	members map[string]*member
}

// member is what the server knows of a client.
type member struct {
	lock *lab.Mutex // one text of a client at a time
	last int64      // the highest number that was handled
	kept []frame    // the last of its texts, at most window
}

func newLedger(ctx context.Context, env lab.Env) *ledger {
	return &ledger{ctx: ctx, env: env, opened: make(chan struct{}), lock: lab.NewMutex(), members: map[string]*member{}}
}

// open reads the journal. With a broken disk that takes until it is mended.
func (l *ledger) open() error {
	j, records, err := journal.Open(l.ctx, l.env, journalFile)
	if err != nil {
		return err
	}
	for _, record := range records {
		f, err := parseFrame(record)
		if err != nil {
			return fmt.Errorf("read %s: %q is no record of this journal; move the file away to begin a new one: %w", journalFile, record, err)
		}
		// An append of unknown outcome was made again, and both are there.
		if m := l.member(f.Client); f.Seq > m.last {
			m.add(f)
		}
	}
	l.journal = j
	close(l.opened)
	return nil
}

// ready reports whether the journal has been read.
func (l *ledger) ready() bool {
	select {
	case <-l.opened:
		return true
	default:
		return false
	}
}

func (l *ledger) member(name string) *member {
	l.lock.Lock()
	defer l.lock.Unlock()
	m := l.members[name]
	if m == nil {
		m = &member{lock: lab.NewMutex()}
		l.members[name] = m
	}
	return m
}

func (m *member) add(f frame) {
	m.last = f.Seq
	m.kept = append(m.kept, f)
	if len(m.kept) > window {
		m.kept = slices.Delete(m.kept, 0, 1)
	}
}

// handle does what a text asks for, once, and gives its answer. A number that is
// higher than all before is new; gaps are texts that their client gave up. A
// lower one is a copy: its answer is repeated, and nothing is done. So a copy
// that comes late, over a connection that was given up, cannot stand in the log
// behind what its client said after it.
//
// An error means that it is not known whether the text is in the log.
func (l *ledger) handle(f frame) (frame, error) {
	m := l.member(f.Client)
	if err := m.lock.LockContext(l.ctx); err != nil {
		return frame{}, err
	}
	defer m.lock.Unlock()
	if f.Seq <= m.last {
		return l.repeat(m, f), nil
	}
	l.decide(f, fmt.Sprintf("%d > %d = true → store", f.Seq, m.last))
	f.Kind, f.More = entry, answerTo(f.Text, l.env.Now).more
	switch err := l.journal.Append(l.ctx, f.body()); {
	case errors.Is(err, journal.ErrUncertain):
		return frame{}, err
	case err != nil:
		return frame{Kind: again, Seq: f.Seq, Client: f.Client, Text: err.Error()}, nil
	}
	m.add(f)
	e := f.of().event(history.Store)
	e.Value = shown(f.Text)
	l.env.Record(e)
	return f.answer(), nil
}

// repeat answers a number that is not new.
func (l *ledger) repeat(m *member, f frame) frame {
	rule := fmt.Sprintf("%d > %d = false", f.Seq, m.last)
	for _, k := range m.kept {
		if k.Seq == f.Seq && k.Text == f.Text {
			l.decide(f, rule+" → repeat the answer")
			return k.answer()
		}
	}
	l.decide(f, rule+" → refuse")
	return frame{Kind: refused, Seq: f.Seq, Client: f.Client, Text: fmt.Sprintf("number %d is of another text, or long past", f.Seq)}
}

// answer is the one answer to a text that was handled. The time in it is that of
// the handling, however often it is asked for.
func (f frame) answer() frame {
	return frame{Kind: done, Seq: f.Seq, Client: f.Client, Text: echoOf(f.Text), More: f.More}
}

func (l *ledger) decide(f frame, detail string) {
	e := f.of().event(history.Decide)
	e.Detail = detail
	l.env.Record(e)
}

// each gives the log, piece by piece: all of it may be more than fits in memory.
func (l *ledger) each(give func(frame) error) error {
	const piece = 64 << 10
	last := map[string]int64{}
	for place, end := int64(0), l.journal.Size(); place < end; {
		records, err := l.journal.From(place, piece)
		if err != nil {
			return err
		}
		for _, r := range records {
			place = r.End
			f, err := parseFrame(r.Record)
			if err != nil {
				return fmt.Errorf("read %s: %w", journalFile, err)
			}
			if f.Seq <= last[f.Client] {
				continue // of two appends with one text, the first counts
			}
			last[f.Client] = f.Seq
			if err := give(f); err != nil {
				return err
			}
		}
	}
	return nil
}
