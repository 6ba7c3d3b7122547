package journal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world/virtual"
)

// Who keeps a place reads every record once, whatever they read at a time, also
// after the journal was opened again; no other place is one.
func TestFrom(t *testing.T) {
	var records []string
	for i := range 20 {
		records = append(records, strings.Repeat("x", i*7))
	}
	require.NoError(t, onDisk(virtual.New(), func(ctx context.Context, disk lab.Disk) error {
		first, cancel := context.WithCancel(ctx)
		defer cancel()
		j, _, err := journal.Open(first, host{disk: disk}, file)
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := j.Append(ctx, []byte(r)); err != nil {
				return err
			}
		}
		cancel()
		again, _, err := journal.Open(ctx, host{disk: disk}, file)
		if err != nil {
			return err
		}
		if err := equal("the size", j.Size(), again.Size()); err != nil {
			return err
		}
		for _, bytes := range []int{0, 1, 30, 200, 1 << 20} {
			places := map[int64]bool{0: true}
			var read []string
			for place := int64(0); place < again.Size(); {
				entries, err := again.From(place, bytes)
				if err != nil {
					return err
				}
				if len(entries) == 0 {
					return fmt.Errorf("nothing is read from %d, %d bytes at a time", place, bytes)
				}
				for _, e := range entries {
					read, place = append(read, string(e.Record)), e.End
					places[place] = true
				}
			}
			if err := equal("the records", records, read); err != nil {
				return err
			}
			for place := int64(-1); place < again.Size()+2; place++ {
				entries, err := again.From(place, bytes)
				if (err == nil) != places[place] {
					return fmt.Errorf("from %d, %d bytes at a time: %d records, %v", place, bytes, len(entries), err)
				}
			}
		}
		all, err := journal.Read(disk, file)
		if err != nil {
			return err
		}
		return equal("all records", len(records), len(all))
	}))
}

// A record is not read before it is synced.
func TestFromReadsNothingUnsynced(t *testing.T) {
	onHeld(t, func(ctx context.Context, disk *held, j *journal.Journal) error {
		done := appendAll(ctx, j, "one")
		if entries, err := j.From(0, 100); err != nil || len(entries) > 0 {
			return fmt.Errorf("%d records are read, %v", len(entries), err)
		}
		disk.let <- struct{}{}
		if err := <-done; err != nil {
			return err
		}
		entries, err := j.From(0, 100)
		if err != nil {
			return err
		}
		return equal("the records", 1, len(entries))
	})
}
