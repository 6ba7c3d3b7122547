//go:build unix

package live

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

func TestFolder(t *testing.T) {
	path := t.TempDir()
	d, err := openFolder(path)
	require.NoError(t, err)
	defer d.root.Close()

	require.NoError(t, d.Append("b", []byte("one\n")))
	require.NoError(t, d.Append("b", []byte("two\n")))
	require.NoError(t, d.Append("a", nil))
	names, err := d.List()
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names)

	p := make([]byte, 3)
	n, err := d.ReadAt("b", p, 4)
	require.NoError(t, err)
	require.Equal(t, "two", string(p[:n]))
	n, err = d.ReadAt("b", p, 7)
	require.Equal(t, 1, n)
	require.Equal(t, io.EOF, err)

	require.NoError(t, d.Truncate("b", 5))
	require.NoError(t, d.Sync("b"))
	require.NoError(t, d.Rename("b", "a"))
	require.NoError(t, d.SyncDir())
	data, err := d.Read("a")
	require.NoError(t, err)
	require.Equal(t, "one\nt", string(data))
	require.NoError(t, d.Remove("a"))
	names, err = d.List()
	require.NoError(t, err)
	require.Empty(t, names)
}

// TestFolderRefuses goes through all that takes a name.
func TestFolderRefuses(t *testing.T) {
	outside := t.TempDir()
	path := filepath.Join(outside, "disk")
	require.NoError(t, os.Mkdir(path, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600))
	require.NoError(t, os.Symlink("../secret", filepath.Join(path, "way-out")))
	d, err := openFolder(path)
	require.NoError(t, err)
	defer d.root.Close()
	require.NoError(t, d.Append("file", nil))

	acts := map[string]func(lab.Disk, string) error{
		"append":      func(d lab.Disk, name string) error { return d.Append(name, []byte("y")) },
		"read":        func(d lab.Disk, name string) error { _, err := d.Read(name); return err },
		"read at":     func(d lab.Disk, name string) error { _, err := d.ReadAt(name, make([]byte, 1), 0); return err },
		"truncate":    func(d lab.Disk, name string) error { return d.Truncate(name, 0) },
		"rename from": func(d lab.Disk, name string) error { return d.Rename(name, "file") },
		"rename to":   func(d lab.Disk, name string) error { return d.Rename("file", name) },
		"remove":      func(d lab.Disk, name string) error { return d.Remove(name) },
		"sync":        func(d lab.Disk, name string) error { return d.Sync(name) },
	}
	for act, do := range acts {
		for _, name := range []string{"../secret", "/etc/passwd", "a/b", `a\b`, "", ".", ".."} {
			require.ErrorIs(t, do(d, name), fs.ErrInvalid, "%s %q", act, name)
		}
		switch act {
		case "append":
		case "rename to":
			require.NoError(t, d.Append("file", nil)) // what it renames is there again
		default:
			require.ErrorIs(t, do(d, "missing"), fs.ErrNotExist, act)
		}
	}
	for _, act := range []string{"append", "read", "read at", "truncate", "sync"} {
		require.Error(t, acts[act](d, "way-out"), act)
	}
	secret, err := os.ReadFile(filepath.Join(outside, "secret"))
	require.NoError(t, err)
	require.Equal(t, "x", string(secret))
}
