package labtest

import (
	"os"
	"path/filepath"

	"faultlab/sim/lab"
)

// Folder is a disk that is a folder, of which nobody cuts the power: what is on it
// is not in the heap. It does all of a Disk but List.
func Folder(dir string) lab.Disk { return folder{dir: dir} }

type folder struct {
	lab.Disk
	dir string
}

func (d folder) path(name string) string { return filepath.Join(d.dir, name) }

func (d folder) Append(name string, data []byte) error {
	f, err := os.OpenFile(d.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}

func (d folder) Read(name string) ([]byte, error) { return os.ReadFile(d.path(name)) }

func (d folder) ReadAt(name string, p []byte, off int64) (int, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off)
}

func (d folder) Truncate(name string, size int64) error { return os.Truncate(d.path(name), size) }

func (d folder) Rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

func (d folder) Remove(name string) error { return os.Remove(d.path(name)) }

func (folder) Sync(string) error { return nil }

func (folder) SyncDir() error { return nil }
