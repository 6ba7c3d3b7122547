package virtual

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plainDisk says what a disk is, without any sharing: every state is a copy.
type plainDisk struct{ live, durable map[string]*plainFile }

type plainFile struct {
	data  string // what processes see
	saved string // what the last sync that worked made durable
	bad   int    // from here on nothing becomes durable: a sync failed; -1: all well
}

// gone is what of data is not in saved.
func (f *plainFile) gone() int { return len(f.data) - common(f.data, f.saved) }

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func TestDiskIsAPlainDisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDisk(rapid.Uint64().Draw(t, "seed"))
		m := plainDisk{map[string]*plainFile{}, map[string]*plainFile{}}
		name := func(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name") }
		// has finds the model's file, and requires that the disk agrees when
		// there is none.
		has := func(t *rapid.T, name string, err error) *plainFile {
			if m.live[name] == nil {
				require.ErrorIs(t, err, fs.ErrNotExist)
				return nil
			}
			require.NoError(t, err)
			return m.live[name]
		}
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				n, data := name(t), rapid.StringMatching(`[xyz]{0,4}`).Draw(t, "data")
				require.NoError(t, d.Append(n, []byte(data)))
				if m.live[n] == nil {
					m.live[n] = &plainFile{bad: -1}
				}
				m.live[n].data += data
			},
			"truncate": func(t *rapid.T) {
				n, size := name(t), rapid.IntRange(0, 6).Draw(t, "size")
				if f := m.live[n]; f != nil && size > len(f.data) {
					require.ErrorIs(t, d.Truncate(n, int64(size)), fs.ErrInvalid)
				} else if f := has(t, n, d.Truncate(n, int64(size))); f != nil {
					f.data = f.data[:size]
					if size <= f.bad {
						f.bad = -1
					}
				}
			},
			"rename": func(t *rapid.T) {
				from, to := name(t), name(t)
				if f := has(t, from, d.Rename(from, to)); f != nil {
					delete(m.live, from)
					m.live[to] = f
				}
			},
			"remove": func(t *rapid.T) {
				n := name(t)
				if f := has(t, n, d.Remove(n)); f != nil {
					delete(m.live, n)
				}
			},
			"sync": func(t *rapid.T) {
				n := name(t)
				if f := has(t, n, d.Sync(n)); f != nil {
					f.saved = f.data
					if f.bad >= 0 {
						f.saved = f.data[:f.bad]
					}
				}
			},
			"sync fails": func(t *rapid.T) {
				n := name(t)
				d.SyncFailed(n)
				if f := m.live[n]; f != nil && f.bad < 0 && f.gone() > 0 {
					f.bad = common(f.data, f.saved)
				}
			},
			"sync the directory": func(t *rapid.T) {
				require.NoError(t, d.SyncDir())
				m.durable = maps.Clone(m.live)
			},
			"power cut": func(t *rapid.T) {
				torn := rapid.Bool().Draw(t, "torn")
				lost := d.powerCut(torn)
				want := 0
				for _, f := range m.live {
					if slices.Contains(slices.Collect(maps.Values(m.durable)), f) {
						want += f.gone()
					} else {
						want += len(f.data)
					}
				}
				m.live = maps.Clone(m.durable)
				for n, f := range m.live {
					before := *f
					f.data, f.bad = f.saved, -1
					if torn && before.bad < 0 && strings.HasPrefix(before.data, before.saved) {
						// Any beginning of what was appended may have stayed.
						kept, err := d.Read(n)
						require.NoError(t, err)
						require.True(t, strings.HasPrefix(string(kept), before.saved) && strings.HasPrefix(before.data, string(kept)), "%q of %+v", kept, before)
						want -= len(kept) - len(before.saved)
						f.data, f.saved = string(kept), string(kept)
					}
				}
				if !torn {
					require.Equal(t, want, lost)
				}
			},
			"": func(t *rapid.T) {
				names, err := d.List()
				require.NoError(t, err)
				require.Equal(t, slices.Sorted(maps.Keys(m.live)), names)
				for n, f := range m.live {
					data, err := d.Read(n)
					require.NoError(t, err)
					require.Equal(t, f.data, string(data), n)
				}
			},
		})
	})
}

func TestAFailedSyncNeverBecomesDurable(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("log", []byte("good")))
	require.NoError(t, d.Sync("log"))
	require.NoError(t, d.SyncDir())
	// Rewritten in place, it is as long as before, and dirty all the same.
	require.NoError(t, d.Truncate("log", 2))
	require.NoError(t, d.Append("log", []byte("ne")))
	d.SyncFailed("log")
	require.NoError(t, d.Sync("log"), "trying again succeeds")
	require.Equal(t, 2, d.powerCut(false))
	data, err := d.Read("log")
	require.NoError(t, err)
	require.Equal(t, "go", string(data), "and saves nothing")
}

// The way out is what lab.Disk says: cut it away, and write it again.
func TestWhatIsWrittenAgainAfterAFailedSyncIsDurable(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("log", []byte("lost")))
	require.NoError(t, d.SyncDir())
	d.SyncFailed("log")
	require.NoError(t, d.Truncate("log", 0))
	require.NoError(t, d.Append("log", []byte("again")))
	require.NoError(t, d.Sync("log"))
	require.Zero(t, d.powerCut(false))
	data, err := d.Read("log")
	require.NoError(t, err)
	require.Equal(t, "again", string(data))
}

func TestARenameThatIsNotDurableLosesNothing(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("new", []byte("text")))
	require.NoError(t, d.Sync("new"))
	require.NoError(t, d.SyncDir())
	require.NoError(t, d.Rename("new", "log"))
	require.Zero(t, d.powerCut(false), "it is there, under its old name")
	names, err := d.List()
	require.NoError(t, err)
	require.Equal(t, []string{"new"}, names)
}

// Over many disks a torn cut leaves every length that there can be.
func TestATornCutLeavesAnyBeginning(t *testing.T) {
	lengths := map[int]bool{}
	for seed := range uint64(100) {
		d := newDisk(seed)
		require.NoError(t, d.Append("log", []byte("ab")))
		require.NoError(t, d.Sync("log"))
		require.NoError(t, d.SyncDir())
		require.NoError(t, d.Append("log", []byte("cde")))
		lost := d.powerCut(true)
		data, err := d.Read("log")
		require.NoError(t, err)
		require.Equal(t, "abcde"[:5-lost], string(data))
		lengths[len(data)] = true
	}
	require.Equal(t, map[int]bool{2: true, 3: true, 4: true, 5: true}, lengths)
}

func TestReadAtIsAReaderAt(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("f", []byte("hello")))
	for _, tc := range []struct {
		off  int64
		size int
		text string
		err  error
	}{
		{0, 5, "hello", nil},
		{1, 3, "ell", nil},
		{3, 5, "lo", io.EOF},
		{5, 1, "", io.EOF},
		{9, 1, "", io.EOF},
		{-1, 1, "", fs.ErrInvalid},
	} {
		p := make([]byte, tc.size)
		n, err := d.ReadAt("f", p, tc.off)
		require.ErrorIs(t, err, tc.err)
		require.Equal(t, tc.text, string(p[:n]))
	}
}

func TestDiskRefusesNamesThatLeaveIt(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("f", nil))
	require.ErrorIs(t, d.Append("../f", nil), fs.ErrInvalid)
	require.ErrorIs(t, d.Rename("f", "a/b"), fs.ErrInvalid)
	for _, err := range []error{d.Sync("x"), d.Remove("x"), d.Truncate("x", 0), d.Rename("x", "y")} {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
}

// What a reader got is its own.
func TestReadIsACopy(t *testing.T) {
	d := newDisk(1)
	require.NoError(t, d.Append("f", []byte("abc")))
	got, err := d.Read("f")
	require.NoError(t, err)
	copy(got, "xyz")
	again, err := d.Read("f")
	require.NoError(t, err)
	require.True(t, bytes.Equal([]byte("abc"), again))
}
