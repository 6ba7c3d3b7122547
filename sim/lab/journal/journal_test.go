package journal_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// held is a disk whose syncs wait, from when it is told, to be let go one by
// one.
type held struct {
	lab.Disk
	hold  bool
	let   chan struct{}
	syncs int
}

func (d *held) Sync(name string) error {
	if d.hold {
		<-d.let
	}
	d.syncs++
	return d.Disk.Sync(name)
}

// onHeld runs f with a journal of which no sync comes to an end by itself.
func onHeld(t *testing.T, f func(context.Context, *held, *journal.Journal) error) {
	t.Helper()
	require.NoError(t, onDisk(virtual.New(), func(ctx context.Context, disk lab.Disk) error {
		d := &held{Disk: disk, let: make(chan struct{})}
		j, _, err := journal.Open(ctx, host{disk: d}, file)
		if err != nil {
			return err
		}
		d.hold, d.syncs = true, 0
		return f(ctx, d, j)
	}))
}

// appendAll starts an Append of each record; the channel has their answers.
func appendAll(ctx context.Context, j *journal.Journal, records ...string) <-chan error {
	answers := make(chan error, len(records))
	for _, r := range records {
		go func() { answers <- j.Append(ctx, []byte(r)) }()
		synctest.Wait() // or they could come in another order
	}
	return answers
}

func TestWhatComesDuringASyncSharesTheNext(t *testing.T) {
	onHeld(t, func(ctx context.Context, d *held, j *journal.Journal) error {
		want := []string{"first"}
		for i := range 64 {
			want = append(want, fmt.Sprint(i))
		}
		first := appendAll(ctx, j, want[0])
		others := appendAll(ctx, j, want[1:]...)
		d.let <- struct{}{}
		synctest.Wait()
		err := equal("after one sync: answers to the first and to the others", "1 0", fmt.Sprint(len(first), len(others)))
		d.let <- struct{}{}
		synctest.Wait()
		err = errors.Join(err,
			equal("answers to the others after two syncs", 64, len(others)),
			equal("syncs", 2, d.syncs))
		d.hold = false
		got, opened := reopened(ctx, d)
		return errors.Join(err, <-first, opened, equal("the journal", want, got))
	})
}

func TestWhoAppendsAloneIsNotKeptWaiting(t *testing.T) {
	onHeld(t, func(ctx context.Context, d *held, j *journal.Journal) error {
		d.hold = false
		for i := range 5 {
			if err := j.Append(ctx, []byte{byte(i)}); err != nil {
				return err
			}
		}
		return equal("syncs of five appends, one after the other", 5, d.syncs)
	})
}

func TestWhoGivesUpIsToldWhetherItIsCertain(t *testing.T) {
	onHeld(t, func(ctx context.Context, d *held, j *journal.Journal) error {
		brief, cancel := context.WithCancel(ctx)
		written := appendAll(brief, j, "written")
		waiting := appendAll(brief, j, "waiting")
		cancel()
		over := j.Append(brief, []byte("over"))
		errs := []error{<-written, <-waiting, over}
		for i, uncertain := range []bool{true, false, false} {
			if !errors.Is(errs[i], context.Canceled) || errors.Is(errs[i], journal.ErrUncertain) != uncertain {
				return fmt.Errorf("answer %d: %w", i+1, errs[i])
			}
		}
		d.let <- struct{}{}
		d.hold = false
		after := j.Append(ctx, []byte("after"))
		got, err := reopened(ctx, d)
		return errors.Join(after, err, equal("the journal", []string{"written", "after"}, got))
	})
}

func TestAJournalEndsWithItsContext(t *testing.T) {
	require.NoError(t, onDisk(virtual.New(), func(ctx context.Context, disk lab.Disk) error {
		d := &held{Disk: disk, let: make(chan struct{})}
		life, end := context.WithCancel(ctx)
		defer end()
		j, _, err := journal.Open(life, host{disk: d}, file)
		if err != nil {
			return err
		}
		d.hold = true
		written := appendAll(ctx, j, "written")
		end()
		waiting := appendAll(ctx, j, "waiting")
		d.let <- struct{}{}
		d.hold = false
		synctest.Wait()
		if err := <-written; err != nil {
			return fmt.Errorf("it was synced, and answered: %w", err)
		}
		for _, err := range []error{<-waiting, j.Append(ctx, []byte("late"))} {
			if err == nil || errors.Is(err, journal.ErrUncertain) {
				return fmt.Errorf("nothing of it was written, and the answer is: %w", err)
			}
		}
		got, err := reopened(ctx, d)
		return errors.Join(err, equal("the journal", []string{"written"}, got))
	}))
}

// What a failed append is answered, and what becomes of its record while the
// process lives.
func TestFailedAppend(t *testing.T) {
	for _, test := range []struct {
		fault     string
		want      error
		uncertain bool
	}{
		{"enospc", syscall.ENOSPC, false}, // half of it was written, and cut off again
		{"syncfail", syscall.EIO, true},   // nor is it known that the cut is durable
		{"eio", syscall.EIO, true},
	} {
		t.Run(test.fault, func(t *testing.T) {
			require.NoError(t, onDisk(virtual.New(), func(ctx context.Context, disk lab.Disk) error {
				inside := world.NewInside(nil, func(int) {}, nil)
				j, _, err := journal.Open(ctx, host{disk: inside.Disk(disk)}, file)
				if err != nil {
					return err
				}
				before := j.Append(ctx, []byte("before"))
				inside.Set(world.InsideFault{ID: 1, Name: test.fault})
				for range 3 {
					err := j.Append(ctx, []byte("during"))
					if !errors.Is(err, test.want) {
						return fmt.Errorf("want %w, got %w", test.want, err)
					}
					if errors.Is(err, journal.ErrUncertain) != test.uncertain {
						return fmt.Errorf("uncertain should be %v: %w", test.uncertain, err)
					}
					// From the second on nothing is written before the cut.
					test.uncertain = false
				}
				inside.Clear(1)
				after := j.Append(ctx, []byte("after"))
				got, err := reopened(ctx, disk)
				return errors.Join(before, after, err, equal("the journal", []string{"before", "after"}, got))
			}))
		})
	}
}

func TestOpenWaitsForTheDisk(t *testing.T) {
	require.NoError(t, onDisk(virtual.New(), func(ctx context.Context, disk lab.Disk) error {
		inside := world.NewInside([]world.InsideFault{{ID: 1, Name: "eio"}}, func(int) {}, nil)
		h := host{disk: inside.Disk(disk)}
		brief, cancel := context.WithTimeout(ctx, time.Second) // virtual
		defer cancel()
		if _, _, err := journal.Open(brief, h, file); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.EIO) {
			return fmt.Errorf("want the deadline and the disk's error, got %w", err)
		}
		time.AfterFunc(time.Second, func() { inside.Clear(1) })
		j, _, err := journal.Open(ctx, h, file)
		if err != nil {
			return err
		}
		return j.Append(ctx, []byte("x"))
	}))
}
