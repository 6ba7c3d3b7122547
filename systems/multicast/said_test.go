package multicast

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
)

// What is wanted is found, whatever was wanted before.
func TestSaidFrom(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s, err := openSaid(ctx, host{disk: labtest.Folder(t.TempDir())})
	require.NoError(t, err)
	const all = 100
	for range all {
		f := s.next(strings.Repeat("x", 500)) // several chunks
		require.NoError(t, s.keep(ctx, f, time.Time{}))
		s.last.Store(f.seq)
	}
	var c cursor
	for _, want := range [][2]uint64{{1, 1}, {1, 64}, {65, 100}, {100, 100}, {99, 99}, {3, 40}, {101, 200}, {1, 100}, {5, 4}} {
		found, err := s.from(&c, want[0], want[1])
		require.NoError(t, err)
		var seqs, wanted []uint64
		for _, f := range found {
			seqs = append(seqs, f.seq)
		}
		for seq := want[0]; seq <= min(want[1], all); seq++ {
			wanted = append(wanted, seq)
		}
		require.Equal(t, wanted, seqs, "%v", want)
	}
}

// An epoch is a disk's: it goes on as long as that has the messages.
func TestEpochIsTheDisks(t *testing.T) {
	d := host{disk: labtest.Folder(t.TempDir())}
	open := func(d lab.Env) *said {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s, err := openSaid(ctx, d)
		require.NoError(t, err)
		f := s.next("m")
		require.NoError(t, s.keep(ctx, f, time.Time{}))
		return s
	}
	first, again := open(d), open(d)
	require.Equal(t, first.begin.epoch, again.begin.epoch)
	require.EqualValues(t, 1, again.last.Load())
	require.Greater(t, open(host{disk: labtest.Folder(t.TempDir())}).begin.epoch, first.begin.epoch)
}
