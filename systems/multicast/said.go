package multicast

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// saidFile is the sender's: a frame that begins the epoch, and each message as it
// went out.
const saidFile = "said.journal"

// rest is how long a program waits before it asks a disk again that failed.
const rest = 20 * time.Millisecond

// said is what the sender has said. It is on disk, so that a receiver can have any
// message at any later time: one in memory would have to forget the oldest, or
// grow with whoever is away, and dies with the program.
type said struct {
	env     lab.Env
	journal *journal.Journal
	begin   frame         // the epoch: sender and epoch of every message
	last    atomic.Uint64 // the number of the last message that is out
}

// openSaid recovers the messages. An epoch begins where there are none: on a new
// disk. Its name is the clock's, so that receivers can tell it from an old one,
// whose datagrams may still be under way; a machine that is set up anew must
// therefore have its clock set.
func openSaid(ctx context.Context, env lab.Env) (*said, error) {
	j, records, err := journal.Open(ctx, env, saidFile)
	if err != nil {
		return nil, err
	}
	s := &said{env: env, journal: j}
	if len(records) == 0 {
		s.begin = frame{kind: kindHeartbeat, sender: env.Node().Name, epoch: uint64(env.Now().UnixNano())}
		return s, s.keep(ctx, s.begin, time.Time{})
	}
	for i, record := range records {
		f, err := parseFrame(record)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", saidFile, err)
		}
		if i == 0 {
			s.begin = f
		}
		s.last.Store(f.seq)
	}
	return s, nil
}

// keep writes a frame down. It tries until the disk takes it or ctx ends, and if
// there is a limit until then.
func (s *said) keep(ctx context.Context, f frame, limit time.Time) error {
	for {
		// The limit is none of the journal's: a record that it gives up waiting for
		// may be there all the same, and would stand there twice.
		err := s.journal.Append(ctx, f.bytes())
		if err == nil || errors.Is(err, journal.ErrUncertain) || errors.Is(err, lab.ErrKilled) {
			return err
		}
		if !limit.IsZero() && time.Until(limit) <= 0 {
			return fmt.Errorf("%w: %w", errNotOut, err)
		}
		if err := lab.Rest(ctx, rest); err != nil {
			return err
		}
	}
}

var errNotOut = errors.New("it is not on disk yet, and is tried again before the next one")

// next is the frame of the message after the last.
func (s *said) next(text string) frame {
	f := s.begin
	f.kind, f.seq, f.payload = kindMessage, s.last.Load()+1, []byte(text)
	return f
}

// cursor is a place in the journal: where message seq begins.
type cursor struct {
	seq   uint64
	place int64
}

// from gives the messages from first to last. c is where the last such walk began:
// a receiver asks for later and later ones, so that none is walked past twice.
func (s *said) from(c *cursor, first, last uint64) ([]frame, error) {
	if first < c.seq {
		*c = cursor{}
	}
	var found []frame
	for at := *c; at.seq <= last; {
		entries, err := s.journal.From(at.place, chunk)
		if err != nil || len(entries) == 0 {
			return found, err
		}
		for _, e := range entries {
			f, err := parseFrame(e.Record)
			if err != nil {
				return found, fmt.Errorf("read %s: %w", saidFile, err)
			}
			if f.seq >= first && f.seq <= last {
				found = append(found, f)
			}
			if at = (cursor{f.seq + 1, e.End}); at.seq <= first {
				*c = at
			}
		}
	}
	return found, nil
}

// chunk is how many bytes of the journal are read at once.
const chunk = 16 << 10
