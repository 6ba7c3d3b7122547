//go:build unix

package live

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSweep(t *testing.T) {
	temp := t.TempDir()
	left := filepath.Join(temp, scratchPrefix+"1", "disk")
	require.NoError(t, os.MkdirAll(left, 0o755), "as a runner leaves it that is killed")
	other := filepath.Join(temp, "other-1")
	require.NoError(t, os.Mkdir(other, 0o755))

	first, err := newScratch(temp)
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Dir(left))
	require.DirExists(t, other, "it is not ours")
	second, err := newScratch(temp)
	require.NoError(t, err)
	require.DirExists(t, first.path, "it is in use")

	require.NoError(t, first.remove())
	require.NoError(t, second.remove())
	require.NoDirExists(t, first.path)
	require.NoDirExists(t, second.path)
}

// Runners that begin at the same time sweep one another's folders before they
// are locked. None may go on in a folder that is gone.
func TestSweepsAtOnce(t *testing.T) {
	temp := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				s, err := newScratch(temp)
				if !assert.NoError(t, err) {
					return
				}
				if _, err := os.Stat(s.path); !assert.NoError(t, err) {
					return
				}
				assert.NoError(t, s.remove())
			}
		})
	}
	all.Wait()
	entries, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, entries)
}
