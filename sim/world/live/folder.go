//go:build unix

package live

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"faultlab/sim/lab"
)

// folder is a host's disk: the files of one directory, and nothing outside it.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the disk at %s: %w", path, err)
	}
	return &folder{root}, nil
}

// open opens a file as package os would.
func (d *folder) open(name string, flag int) (*os.File, error) {
	if err := lab.CheckName(name); err != nil {
		return nil, err
	}
	return d.root.OpenFile(name, flag, 0o644)
}

// with opens a file for one act.
func (d *folder) with(name string, flag int, act func(*os.File) error) error {
	f, err := d.open(name, flag)
	if err != nil {
		return err
	}
	return errors.Join(act(f), f.Close())
}

func (d *folder) Append(name string, data []byte) error {
	return d.with(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

func (d *folder) Read(name string) ([]byte, error) {
	if err := lab.CheckName(name); err != nil {
		return nil, err
	}
	return d.root.ReadFile(name)
}

func (d *folder) ReadAt(name string, p []byte, off int64) (int, error) {
	f, err := d.open(name, os.O_RDONLY)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off) // io.EOF must come back unwrapped
}

func (d *folder) Truncate(name string, size int64) error {
	return d.with(name, os.O_WRONLY, func(f *os.File) error { return f.Truncate(size) })
}

func (d *folder) Rename(from, to string) error {
	if err := errors.Join(lab.CheckName(from), lab.CheckName(to)); err != nil {
		return err
	}
	return d.root.Rename(from, to)
}

func (d *folder) Remove(name string) error {
	if err := lab.CheckName(name); err != nil {
		return err
	}
	return d.root.Remove(name)
}

func (d *folder) List() ([]string, error) {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

func (d *folder) Sync(name string) error {
	return d.with(name, os.O_WRONLY, (*os.File).Sync)
}

func (d *folder) SyncDir() error {
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
