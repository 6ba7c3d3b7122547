package sensor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/lab"
)

func TestPosition(t *testing.T) {
	at := position{epoch: 2, seq: 7}
	for _, test := range []struct {
		epoch        int
		seq          int64
		has, accepts bool
		why          string
	}{
		{2, 8, false, true, "the next one"},
		{2, 7, true, false, "the last one, sent again"},
		{2, 1, true, false, "an older one"},
		{2, 9, false, false, "one that leaves a gap"},
		{1, 6, true, false, "a late copy from a life that is over"},
		{1, 9, true, false, "the same, with a higher number"},
		{3, 8, false, true, "the first of the next life"},
		{3, 12, false, true, "the first of the next life, behind readings that died with the last"},
		{3, 1, false, true, "the first of a life that counts from 1"},
	} {
		t.Run(test.why, func(t *testing.T) {
			r := record{host: "edge", epoch: test.epoch, seq: test.seq}
			require.Equal(t, test.has, at.has(r))
			require.Equal(t, test.accepts, at.accepts(r))
		})
	}
}

// What the collector has acknowledged is in the log, once and in order,
// whatever becomes of its disk and its process. A record that a recovered
// ledger `has` is acknowledged: the collector says ACK to it.
func TestPropertyLedgerKeepsWhatItAcknowledged(t *testing.T) {
	steps := []string{"store", "kill", "powercut", "powercut torn", "mend", "eio", "enospc", "syncfail", "tear"}
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(steps), 1, 30).Draw(rt, "script")
		err := onBench(nil, func(_ context.Context, b *bench) error { return playLedger(b, script) })
		if err != nil {
			rt.Logf("%v", err)
			rt.Fatalf("the ledger broke its promise")
		}
	})
}

func playLedger(b *bench, script []string) error {
	file := serverFile("paul")
	l := newLedger(b.disk, file)
	var acked int64
	for i, step := range slices.Concat(script, []string{"kill", "store", "powercut"}) {
		switch step {
		case "store":
			if l == nil { // it is not recovered yet
				break
			}
			if err := l.store(record{host: "edge", epoch: 1, seq: acked + 1, line: fmt.Sprint("paul 13.2 64.2 ", i)}); err == nil {
				acked++
			}
		case "kill":
			l = nil
		case "powercut", "powercut torn":
			if _, err := b.PowerCut(core, step == "powercut torn"); err != nil {
				return err
			}
			l = nil
		case "mend":
			b.mend()
		default:
			b.fault(step)
		}
		if b.torn {
			l = nil
		}
		if l == nil {
			if step != "eio" { // a broken disk comes back after a restart too
				b.restart()
			}
			var err error
			if l, err = reopen(b.disk, file); err != nil {
				l = nil
				continue
			}
			if at := l.last["edge"].seq; at < acked {
				return fmt.Errorf("after step %d, %s: %d was acknowledged, the log ends with %d", i+1, step, acked, at)
			}
			acked = l.last["edge"].seq
		}
	}
	return inOrder(b.disk, file, acked)
}

// reopen is what the collector does with one file when it starts.
func reopen(disk lab.Disk, file string) (*ledger, error) {
	files, err := disk.List()
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f == file {
			return recoverLedger(disk, file)
		}
	}
	return newLedger(disk, file), nil
}

// inOrder checks that a log is records 1 to n and nothing else.
func inOrder(disk lab.Disk, file string, n int64) error {
	text, err := disk.Read(file)
	if err != nil {
		return err
	}
	var at int64
	for line := range strings.Lines(string(text)) {
		r, err := parseRecord(strings.TrimSuffix(line, "\n"))
		at++
		if err != nil || r.seq != at {
			return fmt.Errorf("line %d of the log is %q: %v", at, line, err)
		}
	}
	if at != n {
		return fmt.Errorf("the log has %d records, acknowledged were %d", at, n)
	}
	return nil
}

// A sync that failed may not be asked again: the bytes can be read and are lost
// all the same. A collector that took them for stored when it came back would
// acknowledge what the next power cut takes.
func TestRecoveryTrustsNothingThatItCanOnlyRead(t *testing.T) {
	require.NoError(t, onBench(nil, func(_ context.Context, b *bench) error {
		return playLedger(b, []string{"store", "syncfail", "store", "kill", "powercut"})
	}))
}
