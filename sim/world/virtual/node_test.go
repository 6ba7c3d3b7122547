package virtual

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// A goroutine that outlives its node's death changes nothing, whatever it is
// in the middle of.
func TestAZombieChangesNothing(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		disk := b.client.Disk()
		require.NoError(t, disk.Append("log", []byte("before")))
		type attempt struct {
			name string
			do   func() error
		}
		attempts := []attempt{
			{"append", func() error { return disk.Append("log", []byte("after")) }},
			{"truncate", func() error { return disk.Truncate("log", 0) }},
			{"rename", func() error { return disk.Rename("log", "gol") }},
			{"remove", func() error { return disk.Remove("log") }},
			{"sync", func() error { return disk.Sync("log") }},
			{"sync the directory", disk.SyncDir},
			{"read", func() error { _, err := disk.Read("log"); return err }},
			{"read at", func() error { _, err := disk.ReadAt("log", make([]byte, 1), 0); return err }},
			{"list", func() error { _, err := disk.List(); return err }},
			{"dial", func() error { _, err := b.client.Dial(t.Context(), "service"); return err }},
			{"await the heal", func() error { return b.client.AwaitHeal(t.Context()) }},
		}
		inside := make([]error, len(attempts))
		for i, a := range attempts {
			if a.name != "await the heal" { // it takes no time: none is inside
				go func() { inside[i] = a.do() }()
			}
		}
		go b.client.Record(history.Event{Kind: history.Store})
		synctest.Wait() // all of them have begun, and take their time
		b.client.die()
		after(long)
		for i, a := range attempts {
			require.ErrorIs(t, a.do(), lab.ErrKilled, a.name)
			if a.name != "await the heal" {
				require.ErrorIs(t, inside[i], lab.ErrKilled, "%s, which it died in", a.name)
			}
		}
		b.client.Record(history.Event{Kind: history.OK})
		b.client.Printf("I am not dead")
		require.Empty(t, b.events.list)
		_, err := c.Write([]byte("x"))
		require.Error(t, err)
		text, err := s.ends()
		require.NoError(t, err)
		require.Empty(t, text)
		kept, err := b.c.Disk("here").Read("log")
		require.NoError(t, err)
		require.Equal(t, "before", string(kept))
		b.c.disks["here"].powerCut(false)
		_, err = b.c.Disk("here").Read("log")
		require.ErrorIs(t, err, fs.ErrNotExist, "a dead node's sync came through")
	})
}

func TestDeathClosesAllPorts(t *testing.T) {
	onBench(t, func(b *bench) {
		admin, err := b.service.Listen(9999) // no link leads there
		require.NoError(t, err)
		ended := make([]error, 2)
		for i, ln := range []net.Listener{b.ln, admin} {
			go func() { _, ended[i] = ln.Accept() }()
		}
		synctest.Wait()
		b.service.die()
		synctest.Wait()
		for _, err := range ended {
			require.ErrorIs(t, err, net.ErrClosed)
		}
	})
}

func TestANewLifeStartsAfresh(t *testing.T) {
	onBench(t, func(b *bench) {
		_, old := b.connect()
		first := b.service.Rand("id").Uint64()
		b.service.die()
		b.service = b.start("service", 2)
		b.listen()
		c, s := b.connect()
		c.send("new")
		s.receives("new")
		_, err := old.Write([]byte("old"))
		require.ErrorIs(t, err, lab.ErrKilled)
		require.NotEqual(t, first, b.service.Rand("id").Uint64())
	})
}

func TestPauseHoldsAllThatTheNodeDoes(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		require.NoError(t, b.c.Pause("service"))
		did := map[string]bool{}
		for name, do := range map[string]func(){
			"record": func() { b.service.Record(history.Event{Kind: history.Store}) },
			"append": func() { require.NoError(t, b.service.Disk().Append("log", []byte("x"))) },
			"clock":  func() { b.service.Now() },
			"read":   func() { s.receives("hello") },
			"write":  func() { s.send("answer") },
			"accept": func() { _, _ = b.ln.Accept() },
		} {
			go func() {
				do()
				b.events.mu.Lock()
				did[name] = true
				b.events.mu.Unlock()
			}()
		}
		c.send("hello")
		second, err := b.client.Dial(t.Context(), "service")
		require.NoError(t, err, "the kernel takes connections for a stopped process")
		after(time.Minute)
		require.Empty(t, did)
		require.Empty(t, b.events.list)
		_, err = b.c.Disk("there").Read("log")
		require.ErrorIs(t, err, fs.ErrNotExist)

		require.NoError(t, b.c.Resume("service"))
		after(long)
		require.Len(t, did, 6)
		c.receives("answer")
		second.Close()
	})
}

func TestDeathFreesWhatAPauseHolds(t *testing.T) {
	onBench(t, func(b *bench) {
		require.NoError(t, b.c.Pause("service"))
		var err error
		go func() { err = b.service.Disk().Append("log", []byte("x")) }()
		after(long)
		require.NoError(t, b.c.Kill("service"))
		after(long)
		require.ErrorIs(t, err, lab.ErrKilled)
		require.NoError(t, b.c.Resume("service"), "too late, and no mistake")
	})
}

// What a node leaves to a defer is not done when it dies.
func TestNoCleanUpSavesWhatACrashLoses(t *testing.T) {
	onBench(t, func(b *bench) {
		cleaned := errors.New("not yet")
		b.c.roles.Go(func() {
			b.service.run(func(ctx context.Context, env lab.Env) error {
				defer func() { cleaned = env.Disk().Append("log", []byte("shut down well")) }()
				<-ctx.Done()
				return ctx.Err()
			})
		})
		synctest.Wait()
		require.NoError(t, b.c.Kill("service"))
		after(long)
		require.ErrorIs(t, cleaned, lab.ErrKilled)
		require.Empty(t, b.events.exited, "who is killed has not exited")
	})
}

func TestDrawsCountWithinTheirName(t *testing.T) {
	draws := func() (all []uint64) {
		onBench(t, func(b *bench) {
			for _, name := range []string{"a", "b", "a", "a"} {
				all = append(all, b.client.draw(name))
			}
		})
		return all
	}
	first := draws()
	require.Equal(t, first, draws())
	require.NotEqual(t, first[0], first[2])
	require.NotEqual(t, first[2], first[3])
	onBench(t, func(b *bench) {
		b.client.draw("b")
		require.Equal(t, first[0], b.client.draw("a"), "another name's draws must not matter")
	})
}

// A hundred goroutines that a fault lets go in one instant draw from so few
// nanoseconds that some draw the same. They wake one after the other, in the
// order of their keys, whoever called first.
func TestNoTwoGoroutinesOfANodeWakeInOneInstant(t *testing.T) {
	onBench(t, func(b *bench) {
		type woke struct {
			key uint64
			at  time.Time
		}
		woken := make(chan woke, 100)
		for key := range uint64(cap(woken)) {
			go func() {
				b.client.sleep(time.Microsecond, uint64(cap(woken))-key)
				woken <- woke{uint64(cap(woken)) - key, time.Now()}
			}()
		}
		after(long)
		var last time.Time
		for i := range uint64(cap(woken)) {
			next := <-woken
			require.Equal(t, i+1, next.key)
			require.True(t, next.at.After(last), "two woke at %v", last)
			last = next.at
		}
	})
}
