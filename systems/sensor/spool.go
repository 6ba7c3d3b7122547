package sensor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"faultlab/sim/lab"
)

// A spool is the sensor's file, cut into segments: one for each life of the
// sensor, numbered by epoch.
//
//	client-paul.000001.log   sealed: the sensor that wrote it is gone
//	client-paul.000002.log   written by the sensor, and by nobody else
//	client-paul.acked        how far the forwarder is, written by it alone
//
// No file has two writers, so that nothing needs to be locked out: the
// original's forwarder truncates what its sensor appends to. A torn tail is
// never appended to either: the next life has a segment of its own.
type spool struct {
	disk  lab.Disk
	host  string
	epoch int
	file  string
	size  int64 // up to where the segment holds whole, synced records
}

// openSpool begins the next epoch of a sensor. It tries until that is on disk:
// an epoch that a power cut takes back would be given out twice, and the
// collector would take the new readings for old ones.
func openSpool(ctx context.Context, disk lab.Disk, host, name string) (*spool, error) {
	s := &spool{disk: disk, host: host}
	for {
		err := s.begin(name)
		if err == nil {
			return s, nil
		}
		if errors.Is(err, lab.ErrKilled) {
			return nil, err
		}
		if err := lab.Rest(ctx, rest); err != nil {
			return nil, err
		}
	}
}

// begin creates the next segment. When it failed before, that may be there
// already; it is left empty.
func (s *spool) begin(name string) error {
	epochs, err := segments(s.disk, name)
	if err != nil {
		return err
	}
	s.epoch = 1
	if n := len(epochs); n > 0 {
		s.epoch = epochs[n-1] + 1
	}
	s.file = segmentFile(name, s.epoch)
	if err := s.disk.Append(s.file, nil); err != nil {
		return err
	}
	return s.disk.SyncDir()
}

// append puts a reading into the spool, synced. It tries until it has done so
// or the sensor ends. What a failed attempt left is cut off first: a failed
// sync may have given up bytes that can still be read.
func (s *spool) append(ctx context.Context, seq int64, line string) error {
	text := []byte(record{host: s.host, epoch: s.epoch, seq: seq, line: line}.String() + "\n")
	for {
		err := s.disk.Append(s.file, text)
		if err == nil {
			err = s.disk.Sync(s.file)
		}
		if err == nil {
			s.size += int64(len(text))
			return nil
		}
		for err != nil {
			if errors.Is(err, lab.ErrKilled) {
				return err
			}
			if err := lab.Rest(ctx, rest); err != nil {
				return err
			}
			err = s.disk.Truncate(s.file, s.size)
		}
	}
}

func segmentFile(name string, epoch int) string {
	return fmt.Sprintf("client-%s.%06d.log", name, epoch)
}

// segments lists the epochs that have a segment, in order.
func segments(disk lab.Disk, name string) ([]int, error) {
	files, err := disk.List()
	if err != nil {
		return nil, err
	}
	var epochs []int
	for _, file := range files {
		digits, ours := strings.CutPrefix(file, "client-"+name+".")
		digits, isLog := strings.CutSuffix(digits, ".log")
		if epoch, err := strconv.Atoi(digits); ours && isLog && err == nil {
			epochs = append(epochs, epoch)
		}
	}
	slices.Sort(epochs)
	return epochs, nil
}

// forwarded reports whether the collector has acknowledged all of the spool.
func forwarded(disk lab.Disk, name string) (bool, error) {
	epochs, err := segments(disk, name)
	if err != nil || len(epochs) == 0 {
		return err == nil, err
	}
	newest := epochs[len(epochs)-1]
	text, err := disk.Read(segmentFile(name, newest))
	if err != nil {
		return false, err
	}
	at, err := readCursor(disk, name)
	if errors.Is(err, fs.ErrNotExist) {
		return len(text) == 0 && len(epochs) == 1, nil
	}
	return at.epoch == newest && at.offset == int64(len(text)), err
}
