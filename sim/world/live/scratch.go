//go:build unix

package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// scratchPrefix begins the names of the folders of runs.
const scratchPrefix = "faultlab-live-"

// scratch is the temporary folder of a run. It is locked while the run lasts:
// the lock of a runner that was killed is gone with it, and so the next run can
// tell its folder from one in use, and removes it.
type scratch struct {
	path string
	lock *os.File // the folder itself; nil where there are no locks
}

// newScratch makes a folder in temp.
func newScratch(temp string) (scratch, error) {
	sweep(temp)
	for {
		path, err := os.MkdirTemp(temp, scratchPrefix)
		if err != nil {
			return scratch{}, err
		}
		s, err := lockFolder(path)
		switch {
		case err == nil && s.stands():
			return s, nil
		case err == nil:
			s.lock.Close() // the sweep of another runner removed it before it was locked
		case errors.Is(err, os.ErrNotExist), errors.Is(err, unix.EWOULDBLOCK):
			// Another's sweep is about to.
		default:
			return scratch{path: path}, nil // this file system has no locks: nobody sweeps it
		}
	}
}

// sweep removes what runners left that were killed. It is a courtesy: what it
// cannot remove stays.
func sweep(temp string) {
	left, _ := filepath.Glob(filepath.Join(temp, scratchPrefix+"*")) // fails only on a bad pattern
	for _, path := range left {
		if s, err := lockFolder(path); err == nil {
			_ = s.remove()
		}
	}
}

// lockFolder locks a folder that nobody else has locked.
func lockFolder(path string) (scratch, error) {
	dir, err := os.Open(path)
	if err != nil {
		return scratch{}, err
	}
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		dir.Close()
		return scratch{}, fmt.Errorf("lock %s: %w", path, err)
	}
	return scratch{path, dir}, nil
}

// stands reports whether the folder is still found under its name: it may have
// been removed between its opening and its locking.
func (s scratch) stands() bool {
	named, err1 := os.Lstat(s.path)
	locked, err2 := s.lock.Stat()
	return err1 == nil && err2 == nil && os.SameFile(named, locked)
}

// remove deletes the folder with all that is in it.
func (s scratch) remove() error {
	err := os.RemoveAll(s.path)
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}
