package sensor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
)

// A torn cursor must not pass for a smaller one: it would point into the middle
// of a record, and the rest of the segment would be taken for a torn tail.
func TestTornCursorIsRefused(t *testing.T) {
	require.NoError(t, onBench(nil, func(_ context.Context, b *bench) error {
		whole := cursor{epoch: 12, offset: 345}
		for n := range len(whole.String()) + 1 {
			if err := errors.Join(b.disk.Append("cut", []byte(whole.String()[:n])), b.disk.Rename("cut", cursorFile("paul"))); err != nil {
				return err
			}
			at, err := readCursor(b.disk, "paul")
			switch {
			case n < len(whole.String()) && err == nil:
				return fmt.Errorf("%q is read as %v", whole.String()[:n], at)
			case n == len(whole.String()) && at != whole:
				return fmt.Errorf("%q is read as %v: %v", whole, at, err)
			}
		}
		return nil
	}))
}

// The oldest segments may go only once the newest holds a record: until then it
// may not be durable itself, and its epoch would be given out again.
func TestRemovalWaitsForARecordInTheNewestSegment(t *testing.T) {
	require.NoError(t, onBench(map[string]func(context.Context, lab.Env) error{
		"forwarder": func(_ context.Context, env lab.Env) error {
			f := &forwarder{env: env, name: "paul"}
			var all error
			for _, epoch := range []int{1, 2, 3} {
				all = errors.Join(all, env.Disk().Append(segmentFile("paul", epoch), nil))
			}
			f.at = cursor{epoch: 3}
			all = errors.Join(all, f.removeSealed([]int{1, 2, 3}))
			before, err := segments(env.Disk(), "paul")
			all = errors.Join(all, err)
			f.at.offset = 60
			all = errors.Join(all, f.removeSealed([]int{1, 2, 3}))
			after, err := segments(env.Disk(), "paul")
			if all = errors.Join(all, err); all == nil && (len(before) != 3 || len(after) != 1 || after[0] != 3) {
				all = fmt.Errorf("segments %v, and %v once the newest holds a record", before, after)
			}
			return all
		},
	}, func(ctx context.Context, b *bench) error { return b.Play(ctx, "forwarder") }))
}

// What is acknowledged is neither sent again after a restart nor kept.
func TestForwarderFinishesWithWhatIsAcknowledged(t *testing.T) {
	result := worldtest.Run(t, System(), hardened(), `workload readings=10 every=20ms
when sensor starts #2 kill forwarder for 10ms
at 300ms stop sensor for 10ms
at 400ms stop sensor for 10ms
at 500ms kill forwarder for 10ms
`)
	require.True(t, result.AsExpected, "%v", result.Reasons)
	sent := 0
	for _, e := range result.Events {
		if e.Node == "forwarder" && e.Kind == history.Send {
			sent++
		}
	}
	require.Equal(t, 11, sent, "ten readings and the probe, once each")
	spool := slices.DeleteFunc(slices.Sorted(maps.Keys(result.Files)), func(file string) bool { return !strings.HasPrefix(file, "edge/") })
	require.Equal(t, []string{"edge/client-paul.000003.log", "edge/client-paul.acked"}, spool)
}
