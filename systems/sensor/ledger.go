package sensor

import (
	"errors"
	"io/fs"
	"strings"

	"faultlab/sim/lab"
)

// ledger is the collector's log of one sensor name. The log itself is the
// table of what has been stored, so that both are durable together or not at
// all.
type ledger struct {
	disk lab.Disk
	file string
	lock *lab.Mutex // one record at a time

	size  int64               // up to where the file holds whole, synced records
	last  map[string]position // of each machine
	fresh bool                // the file may not be in its directory after a power cut
	dirty bool                // the file may hold more than size
}

// position is the last record that was stored of a machine.
type position struct {
	epoch int
	seq   int64
}

// accepts reports whether r is the next record. The first of an epoch may have
// any number: readings that died with the sensor's last life leave a gap.
func (p position) accepts(r record) bool {
	return r.epoch > p.epoch || r.epoch == p.epoch && r.seq == p.seq+1
}

// has reports whether r is stored already, or is from a life of the sensor
// that is over: a late copy of it must not land behind newer readings.
func (p position) has(r record) bool {
	return r.epoch < p.epoch || r.epoch == p.epoch && r.seq <= p.seq
}

// store appends a record, synced. After a failure the file is cut back to what
// is known to be whole and synced before anything else is written.
func (l *ledger) store(r record) error {
	if l.dirty {
		if err := l.disk.Truncate(l.file, l.size); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		l.dirty = false
	}
	text := []byte(r.String() + "\n")
	l.dirty = true
	if err := l.disk.Append(l.file, text); err != nil {
		return err
	}
	if err := l.disk.Sync(l.file); err != nil {
		return err
	}
	if l.fresh {
		if err := l.disk.SyncDir(); err != nil {
			return err
		}
		l.fresh = false
	}
	l.dirty = false
	l.size += int64(len(text))
	l.last[r.host] = position{r.epoch, r.seq}
	return nil
}

// recoverLedger reads a log after a start. What can be read is not therefore
// durable: after a failed sync the cache still shows what the disk gave up. So
// the whole records are written anew, synced, and put in the place of the old
// file, which also leaves a torn tail behind.
func recoverLedger(disk lab.Disk, file string) (*ledger, error) {
	text, err := disk.Read(file)
	if err != nil {
		return nil, err
	}
	l := newLedger(disk, file)
	for line := range strings.Lines(string(text)) {
		r, err := parseRecord(strings.TrimSuffix(line, "\n"))
		if err != nil || !strings.HasSuffix(line, "\n") {
			break
		}
		l.size += int64(len(line))
		l.last[r.host] = position{r.epoch, r.seq}
	}
	copied := file + ".new"
	if err := disk.Remove(copied); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := disk.Append(copied, text[:l.size]); err != nil {
		return nil, err
	}
	if err := disk.Sync(copied); err != nil {
		return nil, err
	}
	if err := disk.Rename(copied, file); err != nil {
		return nil, err
	}
	l.fresh = false
	return l, disk.SyncDir()
}

func newLedger(disk lab.Disk, file string) *ledger {
	return &ledger{disk: disk, file: file, lock: lab.NewMutex(), last: map[string]position{}, fresh: true}
}
