package bank

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"faultlab/sim/lab"
)

// session is what the bank has of one client, in all lives of both. The session
// without a name is that of the clients that know no sessions.
type session struct {
	lock    *lab.Mutex // held while an entry is written: the next one must find it
	entries []entry    // in the order of their numbers
	staged  int        // deposits at the end, which count when their total does
	sum     money      // of these
}

// acked is the number up to which everything is durable.
func (s *session) acked() int64 {
	if len(s.entries) == 0 {
		return 0
	}
	return s.entries[len(s.entries)-1].Seq
}

func (s *session) add(e entry) {
	s.entries = append(s.entries, e)
	if e.Operation == deposit {
		s.staged++
		s.sum += e.Amount
	} else {
		s.staged, s.sum = 0, 0
	}
}

func (s *session) find(seq int64) (entry, bool) {
	i, found := slices.BinarySearchFunc(s.entries, seq, func(e entry, seq int64) int { return cmp.Compare(e.Seq, seq) })
	if !found {
		return entry{}, false
	}
	return s.entries[i], true
}

// counted gives the entries that count. Later ones do not change them, so that
// a reader needs no lock.
func (s *session) counted(ctx context.Context) ([]entry, error) {
	if err := s.lock.LockContext(ctx); err != nil {
		return nil, err
	}
	defer s.lock.Unlock()
	return s.entries[:len(s.entries)-s.staged], nil
}

// What a session refuses.
var (
	errGap    = errors.New("items before it are missing: resume the session")
	errOther  = errors.New("its number is of another item")
	errStaged = errors.New("deposits wait for their total")
)

// enter takes the next item of a session, and gives its entry once that is
// synced. One that is there already is not taken again; its client has had no
// answer and gets the same one.
//
// after is the number of the item before. Without it a bank could not tell that
// the item before is still on its way over a line that its client gave up.
func (l *ledger) enter(ctx context.Context, e entry, after int64) (entry, error) {
	s := l.session(e.Session)
	if err := s.lock.LockContext(ctx); err != nil {
		return e, err
	}
	defer s.lock.Unlock()
	about := aboutItem(l.env.Params(), e.Session, e.Seq, 0)
	if known, ok := s.find(e.Seq); ok {
		same := known.same(e)
		l.decide(about, fmt.Sprintf("%d is known, as the same = %t → %s", e.Seq, same, map[bool]string{true: "answer again", false: "refuse"}[same]))
		if !same {
			return e, errOther
		}
		return known, nil
	}
	next := after == s.acked() && e.Seq > after
	l.decide(about, fmt.Sprintf("%d is after %d, the last is %d → %s", e.Seq, after, s.acked(), map[bool]string{true: "enter", false: "refuse"}[next]))
	switch {
	case !next:
		return e, errGap
	case s.staged > 0 && e.Operation != deposit && e.Operation != total:
		return e, errStaged
	case e.Operation == deposit && s.sum+e.Amount > mostSum:
		return e, errSum
	case e.Operation == total:
		e.Amount = s.sum
	}
	if err := l.write(e); err != nil {
		return e, err
	}
	s.add(e)
	l.stored(e)
	return e, nil
}

// same: they are one item. A total that is asked for again names no sum.
func (e entry) same(other entry) bool {
	if e.Operation == total {
		other.Amount = e.Amount
	}
	return e == other
}

// enterLoose takes the items of a call whose client knows no sessions: all or
// none, and a second time if they come again.
func (l *ledger) enterLoose(ctx context.Context, entries ...entry) error {
	s := l.session("")
	if err := s.lock.LockContext(ctx); err != nil {
		return err
	}
	defer s.lock.Unlock()
	if err := l.write(entries...); err != nil {
		return err
	}
	for _, e := range entries {
		s.add(e)
		l.stored(e)
	}
	return nil
}

// resume tells how far a session has come. A name that nobody used before
// makes no session: asking must cost nothing.
func (l *ledger) resume(ctx context.Context, name string) (acked int64, err error) {
	l.lock.Lock()
	s := l.sessions[name]
	l.lock.Unlock()
	if s == nil || name == "" {
		return 0, nil
	}
	if err := s.lock.LockContext(ctx); err != nil {
		return 0, err
	}
	defer s.lock.Unlock()
	return s.acked(), nil
}
