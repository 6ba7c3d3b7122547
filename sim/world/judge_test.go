package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// twice is the history of two operations that were acknowledged, of which the
// log has the first one twice and the second one not.
var twice = []history.Event{
	{T: 1, Node: "client", Kind: history.Invoke, Source: "client", Seq: 1},
	{T: 2, Node: "client", Kind: history.OK, Source: "client", Seq: 1},
	{T: 3, Node: "client", Kind: history.Invoke, Source: "client", Seq: 2},
	{T: 4, Node: "client", Kind: history.OK, Source: "client", Seq: 2},
	{T: 5, Kind: history.Heal, Op: history.HealAll},
	{T: 6, Kind: history.Final, Source: "client", Seq: 1},
	{T: 7, Kind: history.Final, Source: "client", Seq: 1},
}

func TestJudge(t *testing.T) {
	const noLoss, noDuplicates, noPhantoms, failHonest, live = "no-loss", "no-duplicates", "no-phantoms", "fail-honest", "live"
	holds := func(property string) world.Expectation { return world.Expectation{Property: property, Count: -1} }
	violated := func(property string, count int) world.Expectation {
		return world.Expectation{Property: property, Violated: true, Count: count}
	}
	for _, tc := range []struct {
		name     string
		promises []string
		expects  []world.Expectation
		problems []string

		outcome  check.Outcome
		expected bool
		judged   []string
		reasons  []string // the beginnings of them
	}{
		{
			name: "a promise holds", promises: []string{noPhantoms},
			outcome: check.Holds, expected: true, judged: []string{noPhantoms},
		},
		{
			name: "a promise is violated", promises: []string{noPhantoms, noLoss},
			outcome: check.Violated, judged: []string{noLoss, noPhantoms}, reasons: []string{"no-loss is violated: "},
		},
		{
			name: "a promise is violated, as the script expects", promises: []string{noLoss}, expects: []world.Expectation{violated(noLoss, 1)},
			outcome: check.Violated, expected: true, judged: []string{noLoss},
		},
		{
			name: "what nobody promised is violated, as expected", expects: []world.Expectation{violated(noLoss, -1), violated(noDuplicates, 1)},
			outcome: check.Violated, expected: true, judged: []string{noDuplicates, noLoss},
		},
		{
			name: "an expectation does not hold", expects: []world.Expectation{holds(noLoss)},
			outcome: check.Violated, judged: []string{noLoss}, reasons: []string{"no-loss is violated: "},
		},
		{
			name: "an expected violation does not happen", expects: []world.Expectation{violated(noPhantoms, -1)},
			outcome: check.Holds, judged: []string{noPhantoms}, reasons: []string{"no-phantoms was expected to be violated, and holds"},
		},
		{
			name: "another count than expected", expects: []world.Expectation{violated(noLoss, 2)},
			outcome: check.Violated, judged: []string{noLoss}, reasons: []string{"no-loss is violated by 1 messages, expected were 2"},
		},
		{
			name: "unknown wins over violated", promises: []string{live, noLoss}, expects: []world.Expectation{violated(noLoss, 1)},
			outcome: check.Unknown, judged: []string{live, noLoss}, reasons: []string{"live: "},
		},
		{
			name: "unknown is no violation that was expected", expects: []world.Expectation{violated(live, -1)},
			outcome: check.Unknown, judged: []string{live}, reasons: []string{"live: "},
		},
		{
			name: "a problem makes it unknown", promises: []string{noPhantoms}, problems: []string{"kill store met nothing"},
			outcome: check.Unknown, judged: []string{noPhantoms}, reasons: []string{"kill store met nothing"},
		},
		{
			name: "a promise that was not put to the test", promises: []string{failHonest, noPhantoms},
			outcome: check.Holds, expected: true, judged: []string{failHonest, noPhantoms},
		},
		{
			name: "the script expects what was not put to the test", promises: []string{noPhantoms}, expects: []world.Expectation{holds(failHonest)},
			outcome: check.Unknown, judged: []string{failHonest, noPhantoms}, reasons: []string{"fail-honest: nothing was answered as failed"},
		},
		{
			name: "no promise was put to the test", promises: []string{failHonest},
			outcome: check.Unknown, judged: []string{failHonest}, reasons: []string{"nothing was judged: nothing was answered as failed"},
		},
		{
			name:    "nothing was judged",
			outcome: check.Unknown, reasons: []string{"nothing was judged: plain promises nothing"},
		},
		{
			name: "nobody can judge it", promises: []string{"beauty", noPhantoms},
			outcome: check.Unknown, judged: []string{noPhantoms}, reasons: []string{"no checker judges beauty"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			// No bound is stated: live is unknown.
			rec := world.Record{Variant: "plain", Promises: tc.promises, Expects: tc.expects, Problems: tc.problems}
			j := world.Judge(rec, twice)
			require.Equal(t, tc.outcome, j.Outcome)
			require.Equal(t, tc.expected, j.AsExpected)
			var judged []string
			for _, v := range j.Verdicts {
				judged = append(judged, v.Property)
			}
			require.Equal(t, tc.judged, judged)
			require.Len(t, j.Reasons, len(tc.reasons), "%v", j.Reasons)
			for i, beginning := range tc.reasons {
				require.Contains(t, j.Reasons[i], beginning)
			}
			require.Equal(t, 1, j.Counts.Lost)
		})
	}
}

func TestAHistoryWithoutAWorkloadIsUnknown(t *testing.T) {
	rec := world.Record{Variant: "plain", Promises: []string{"no-loss", "fifo"}, Bound: time.Second}
	require.Equal(t, check.Unknown, world.Judge(rec, nil).Outcome)
}

// The verdict of a run can be repeated from what is saved of it.
func TestARunIsJudgedAgainFromItsRecord(t *testing.T) {
	o := play(t, "when store stores #5 kill store for 20ms\nexpect plain holds no-loss live fifo").fine()
	require.Equal(t, o.Judgement, world.Judge(o.Record, saveAndRead(t, o.Events)))
}
