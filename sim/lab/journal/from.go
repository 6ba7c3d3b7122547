package journal

import (
	"errors"
	"fmt"

	"faultlab/sim/lab"
)

// Entry is a record and where it ends: the place at which the next one begins.
// Places stay what they are when the journal is opened again.
type Entry struct {
	Record []byte
	End    int64
}

// Size is the place behind the last record.
func (j *Journal) Size() int64 { return j.synced.Load() }

// From reads the records from a place on, as far as they are synced: whole
// ones, of about that many bytes together, but at least one if there is any. A
// reader that keeps its place needs no memory for what it has not read yet.
//
// It fails where no record begins at that place.
func (j *Journal) From(place int64, bytes int) ([]Entry, error) {
	end := j.Size()
	if place < 0 || place > end {
		return nil, fmt.Errorf("read journal %s from %d: %w", j.name, place, ErrNoRecord)
	}
	text, err := j.read(place, min(end, place+int64(max(bytes, headLength))))
	if whole := wholeLength(text); err == nil && whole > int64(len(text)) {
		text, err = j.read(place, min(end, place+whole))
	}
	if err != nil {
		return nil, fmt.Errorf("read journal %s from %d: %w", j.name, place, err)
	}
	records, size := unframe(text)
	if size == 0 && place < end {
		return nil, fmt.Errorf("read journal %s from %d: %w", j.name, place, ErrNoRecord)
	}
	entries := make([]Entry, len(records))
	for i, record := range records {
		place += int64(headLength + len(record) + 1)
		entries[i] = Entry{record, place}
	}
	return entries, nil
}

// ErrNoRecord is wrapped by the error of a From at a place that is none.
var ErrNoRecord = errors.New("no record begins there")

func (j *Journal) read(from, to int64) ([]byte, error) {
	text := make([]byte, to-from)
	if len(text) == 0 {
		return nil, nil
	}
	_, err := j.file.disk.ReadAt(j.name, text, from)
	return text, err
}

// Read gives the records of a journal that is another's: what a look at its
// file shows.
func Read(disk lab.Disk, name string) ([][]byte, error) {
	text, err := disk.Read(name)
	if err != nil {
		return nil, fmt.Errorf("read journal %s: %w", name, err)
	}
	records, _ := unframe(text)
	return records, nil
}
