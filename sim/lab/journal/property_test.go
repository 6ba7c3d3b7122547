package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// step is something that happens to a node with a journal, and how long the
// next one waits for that: it comes in the middle of it, or after.
type step struct {
	do   string
	many int // of the appends at one time
	wait time.Duration
}

func steps() *rapid.Generator[[]step] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			do: rapid.SampledFrom([]string{
				"append", "append", "hurry", "kill", "stop", "powercut", "powercut torn",
				"mend", "eio", "enospc", "syncfail", "tear",
			}).Draw(t, "do"),
			many: rapid.IntRange(1, 4).Draw(t, "many"),
			wait: time.Duration(rapid.IntRange(0, 3000).Draw(t, "wait")) * time.Microsecond,
		}
	}), 1, 30)
}

// What was acknowledged is in the journal for ever, once and in order, and what
// was refused never: whatever becomes of the disk, the process and the power.
func TestPropertyAJournalKeepsItsPromise(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := steps().Draw(rt, "steps")
		if err := play(script); err != nil {
			rt.Logf("%v", err)
			rt.Fatalf("the journal broke its promise")
		}
	})
}

func play(script []step) error {
	w := &writer{fates: map[string]*fate{}}
	err := virtual.New().Run(context.Background(), single(w.role), w, func(ctx context.Context, c world.Cluster) {
		w.cluster = c
		w.start(ctx)
		for _, s := range script {
			w.play(ctx, s)
			time.Sleep(s.wait) // virtual
			w.revive(ctx)
		}
		// On a sound disk it works again, and keeps that too.
		for _, do := range []string{"mend", "append", "powercut"} {
			_, before := w.state()
			w.play(ctx, step{do: do, many: 1})
			time.Sleep(time.Second) // virtual
			w.revive(ctx)
			if open, acked := w.state(); !open || do == "append" && acked == before {
				w.fail(fmt.Errorf("on a sound disk it does not work after %s", do))
			}
		}
		w.calls.Wait()
	})
	return errors.Join(w.wrong, err)
}

// writer is a node that appends, and knows what must be in its journal.
type writer struct {
	deaf
	cluster world.Cluster
	lives   int
	made    int                 // faults so far
	faults  []world.InsideFault // in force
	calls   sync.WaitGroup

	mu      sync.Mutex
	torn    bool // a tear took it down
	journal *journal.Journal
	clock   int // counts calls and answers
	fates   map[string]*fate
	acked   int
	wrong   error
}

// fate is what is known of a record.
type fate struct {
	called  int
	stands  int // since when it is known to be in the journal; 0: it is not
	refused bool
}

func (w *writer) Exited(_ string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn = errors.Is(err, lab.ErrKilled)
}

func (w *writer) role(ctx context.Context, env lab.Env) error {
	j, records, err := journal.Open(ctx, env, file)
	if err != nil {
		return err
	}
	w.opened(j, records)
	<-ctx.Done()
	return ctx.Err()
}

// state tells whether the journal is open, and how much was acknowledged.
func (w *writer) state() (open bool, acked int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.journal != nil, w.acked
}

// opened compares what a journal has with what it must have.
func (w *writer) opened(j *journal.Journal, records [][]byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	complain := func(format, name string) {
		w.wrong = errors.Join(w.wrong, fmt.Errorf(format, name))
	}
	w.clock++
	w.journal = j
	there := map[string]bool{}
	latest := 0 // call of a record so far
	for _, record := range records {
		name := string(record)
		f := w.fates[name]
		twice := there[name]
		there[name] = true
		switch {
		case f == nil:
			complain("%q was never appended", name)
			continue
		case twice:
			complain("%s is in it twice", name)
		case f.refused:
			complain("%s was refused and is in it", name)
		case f.stands != 0 && f.stands < latest:
			complain("%s stands behind one that was appended after it was acknowledged", name)
		}
		latest = max(latest, f.called)
	}
	for name, f := range w.fates {
		if f.stands != 0 && !there[name] {
			complain("%s is lost", name)
		}
	}
	for name := range there {
		if f := w.fates[name]; f != nil && f.stands == 0 {
			f.stands = w.clock // an uncertain one that is there stays
		}
	}
}

// append has a record appended by somebody who waits for a time.
func (w *writer) append(ctx context.Context, patience time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.journal == nil {
		return
	}
	w.clock++
	name, f, j := fmt.Sprint(len(w.fates)), &fate{called: w.clock}, w.journal
	w.fates[name] = f
	w.calls.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		err := j.Append(ctx, []byte(name))
		w.mu.Lock()
		defer w.mu.Unlock()
		w.clock++
		switch {
		case err == nil:
			f.stands = w.clock
			w.acked++
		case errors.Is(err, journal.ErrUncertain):
			// It may be there or not.
		default:
			f.refused = true
		}
	})
}

func (w *writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = errors.Join(w.wrong, err)
}

func (w *writer) play(ctx context.Context, s step) {
	switch s.do {
	case "append":
		for range s.many {
			w.append(ctx, time.Minute)
		}
	case "hurry":
		w.append(ctx, 200*time.Microsecond)
	case "kill", "powercut", "powercut torn":
		if err := w.cluster.Kill("writer"); err != nil {
			w.fail(err)
		}
		if s.do != "kill" {
			if _, err := w.cluster.PowerCut("core", s.do == "powercut torn"); err != nil {
				w.fail(err)
			}
		}
		w.start(ctx)
	case "stop":
		// A tear may meet what it still appends.
		if err := w.cluster.Stop(ctx, "writer", time.Second); err != nil && !errors.Is(err, lab.ErrKilled) {
			w.fail(err)
		}
		w.start(ctx)
	case "mend":
		for _, f := range w.faults {
			if err := w.cluster.ClearInside("writer", f.ID); err != nil {
				w.fail(err)
			}
		}
		w.faults = nil
	default:
		w.made++
		f := world.InsideFault{ID: w.made, Name: s.do, Seed: uint64(w.made)}
		w.faults = append(w.faults, f)
		if err := w.cluster.SetInside("writer", f); err != nil {
			w.fail(err)
		}
	}
}

// start gives the node another life, with the faults that are in force.
func (w *writer) start(ctx context.Context) {
	w.lives++
	w.mu.Lock()
	w.torn, w.journal = false, nil
	w.mu.Unlock()
	// A tear hits one append, in one life.
	w.faults = slices.DeleteFunc(w.faults, func(f world.InsideFault) bool { return f.Name == "tear" })
	if err := w.cluster.Start(ctx, "writer", world.Boot{Incarnation: w.lives, Inside: w.faults}); err != nil {
		w.fail(err)
	}
}

// revive starts the node if a tear took it down.
func (w *writer) revive(ctx context.Context) {
	w.mu.Lock()
	torn := w.torn
	w.mu.Unlock()
	if torn {
		w.start(ctx)
	}
}
