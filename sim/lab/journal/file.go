package journal

import (
	"fmt"

	"faultlab/sim/lab"
)

// file is a journal's file, as its owner sees it.
type file struct {
	disk  lab.Disk
	name  string
	size  int64 // up to where it holds whole, synced records
	dirty bool  // it may hold more than size, or may again after a power cut
}

// store appends framed records and syncs them. After a failure they are cut off
// again at once: in a file that keeps half of a record, every later one would
// be behind a torn one, and lost to the next recovery.
func (f *file) store(framed []byte) error {
	if err := f.cutBack(); err != nil {
		return fmt.Errorf("cut off what failed before: %w", err)
	}
	f.dirty = true
	err := f.disk.Append(f.name, framed)
	if err == nil {
		err = f.disk.Sync(f.name)
	}
	if err == nil {
		f.dirty = false
		f.size += int64(len(framed))
		return nil
	}
	if cut := f.cutBack(); cut != nil {
		// A process that dies now finds the record when it comes back.
		return fmt.Errorf("%w; cut it off again: %w: %w", err, cut, ErrUncertain)
	}
	return err
}

// cutBack makes the file end where it is whole and synced. It syncs too: a file
// whose truncation is not durable may have its old length after a power cut,
// and whole records of a batch that failed.
func (f *file) cutBack() error {
	if !f.dirty {
		return nil
	}
	if err := f.disk.Truncate(f.name, f.size); err != nil {
		return err
	}
	if err := f.disk.Sync(f.name); err != nil {
		return err
	}
	f.dirty = false
	return nil
}
