package sensor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultlab/sim/lab"
)

// What append has returned for is in the spool, in order, and no epoch is given
// out twice, whatever becomes of the disk and the sensor.
func TestPropertySpoolKeepsWhatItTook(t *testing.T) {
	steps := []string{"append", "append", "kill", "powercut", "powercut torn", "eio", "enospc", "syncfail", "tear"}
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(steps), 1, 30).Draw(rt, "script")
		err := onBench(nil, func(ctx context.Context, b *bench) error { return playSpool(ctx, b, script) })
		if err != nil {
			rt.Logf("%v", err)
			rt.Fatalf("the spool broke its promise")
		}
	})
}

// playSpool mends a broken disk a moment later: append does not give up before.
func playSpool(ctx context.Context, b *bench, script []string) error {
	var (
		s     *spool
		seq   int64
		epoch int
		taken []int64
	)
	for _, step := range append(script, "powercut", "append") {
		switch step {
		case "append":
			var err error
			if s == nil {
				if s, err = openSpool(ctx, b.disk, "edge", "paul"); err != nil {
					break
				}
				if s.epoch <= epoch {
					return fmt.Errorf("epoch %d comes after epoch %d", s.epoch, epoch)
				}
			}
			seq++
			if err = s.append(ctx, seq, fmt.Sprint("paul 13.2 64.2 ", seq)); err == nil {
				epoch = s.epoch // no record shows an epoch that took none
				taken = append(taken, seq)
			} else if !errors.Is(err, lab.ErrKilled) {
				return err
			}
		case "kill":
			s = nil
		case "powercut", "powercut torn":
			if _, err := b.PowerCut(core, step == "powercut torn"); err != nil {
				return err
			}
			s = nil
		default:
			b.fault(step)
			if step != "tear" {
				time.AfterFunc(3*rest, b.mender())
			}
		}
		if b.torn {
			s = nil
		}
		if s == nil {
			b.restart()
		}
	}
	return spooled(b.disk, taken)
}

// spooled checks that the segments have all that was taken, in order. More may
// be there: what a power cut left of an append that nobody heard of.
func spooled(disk lab.Disk, taken []int64) error {
	epochs, err := segments(disk, "paul")
	if err != nil {
		return err
	}
	var last int64
	for _, epoch := range epochs {
		text, err := disk.Read(segmentFile("paul", epoch))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			r, err := parseRecord(strings.TrimSuffix(line, "\n"))
			if err != nil || !strings.HasSuffix(line, "\n") {
				break // the torn end of a life
			}
			if r.seq <= last || r.epoch != epoch {
				return fmt.Errorf("segment %d has %q behind %d", epoch, line, last)
			}
			last = r.seq
			for len(taken) > 0 && taken[0] == r.seq {
				taken = taken[1:]
			}
		}
	}
	if len(taken) > 0 {
		return fmt.Errorf("%d was taken and is not in the spool", taken[0])
	}
	return nil
}
