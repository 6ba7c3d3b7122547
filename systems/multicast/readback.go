package multicast

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// readJournals reads what each receiver has, and from where on.
func readJournals(_ context.Context, o lab.Observer) ([]history.Event, error) {
	said, err := readFrames(o, sender, saidFile)
	if err != nil {
		return nil, err
	}
	var entries []history.Event
	for _, name := range members(o.Params()) {
		frames, err := readFrames(o, name, heardFile)
		if err != nil {
			return nil, err
		}
		for _, f := range frames {
			e := f.event()
			if f.kind == kindJoin {
				e = history.Event{Op: "join", Source: sender, Seq: operationAt(said, f)}
			}
			e.Node = name
			entries = append(entries, e)
		}
	}
	return entries, nil
}

func readFrames(o lab.Observer, host, file string) ([]frame, error) {
	records, err := journal.Read(o.Disk(host), file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var frames []frame
	for _, record := range records {
		f, err := parseFrame(record)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", file, host, err)
		}
		frames = append(frames, f)
	}
	return frames, nil
}

// operationAt is the workload's number of the first message that is owed to who
// joined there: the sender's own may lag behind, for an operation that died
// before it was written down has none.
func operationAt(said []frame, join frame) int64 {
	var last int64
	for _, f := range said {
		if f.kind != kindMessage || f.epoch != join.epoch {
			continue
		}
		last = f.event().Seq
		if f.seq >= join.seq {
			return last
		}
	}
	return last + 1
}

// settled reports whether every receiver has the last message.
func settled(o lab.Observer) (bool, error) {
	said, err := readFrames(o, sender, saidFile)
	if err != nil || len(said) == 0 {
		return false, err
	}
	last := said[len(said)-1]
	for _, name := range members(o.Params()) {
		frames, err := readFrames(o, name, heardFile)
		if err != nil || len(frames) == 0 {
			return false, err
		}
		// Who has joined only is waiting for the message at which it did.
		has := frames[len(frames)-1]
		if has.kind == kindJoin {
			has.seq--
		}
		if has.epoch != last.epoch || has.seq < last.seq {
			return false, nil
		}
	}
	return true, nil
}
