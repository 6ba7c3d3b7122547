package chat

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/sim/world/worldtest"
)

// files is the disk of a run that is over.
type files struct {
	lab.Disk
	of map[string][]byte
}

func (f files) Read(name string) ([]byte, error) { return f.of[name], nil }

func bookOf(t *testing.T, r world.Result, person string) []line {
	t.Helper()
	file := linesFile(person)
	records, err := journal.Read(files{of: map[string][]byte{file: r.Files[machineOf(person)+"/"+file]}}, file)
	require.NoError(t, err)
	var lines []line
	for _, record := range records {
		l, err := parseLine(file, record)
		require.NoError(t, err)
		lines = append(lines, l)
	}
	return lines
}

// Two screens may show two lines that crossed in either order. Their stamps make
// one conversation of them, in which nothing stands before what its writer saw.
func TestStampsMakeOneConversation(t *testing.T) {
	system := System()
	sc := worldtest.Parse(t, system, `workload answers=true every=10ms lease=600ms lines=30 poll=20ms
at 0s                        latency davide->anouk upstream latency=8ms jitter=7ms
when davide stores anouk/9   kill davide for 100ms
when anouk stores davide/9   kill anouk for 100ms
when davide stores anouk/20  partition anouk | davide for 200ms
`)
	crossed := 0
	for seed := range uint64(20) {
		variant := hardened()
		result := world.Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: seed + 1}, virtual.New())
		require.True(t, result.AsExpected, "%v", result.Reasons)

		anouks, davides := bookOf(t, result, anouk), bookOf(t, result, davide)
		require.Len(t, anouks, 62)
		if !slices.Equal(anouks, davides) {
			crossed++
		}
		for person, lines := range map[string][]line{anouk: anouks, davide: davides} {
			seen := int64(0)
			for _, l := range lines {
				if l.Sender == called(person) {
					require.Greater(t, l.Stamp, seen, "%s is stamped before what %s saw", l.id(), person)
				}
				seen = max(seen, l.Stamp)
			}
			slices.SortFunc(lines, func(a, b line) int {
				return cmp.Or(cmp.Compare(a.Stamp, b.Stamp), cmp.Compare(a.Sender, b.Sender))
			})
		}
		require.Equal(t, anouks, davides)
	}
	require.Positive(t, crossed, "no two lines crossed: nothing was put to the test")
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		n, m  number
		after bool
	}{
		{number{1, 2}, number{1, 1}, true},
		{number{1, 1}, number{1, 1}, false},
		{number{1, 1}, number{1, 2}, false},
		{number{2, 1}, number{1, 9}, true},
		{number{1, 9}, number{2, 1}, false},
		{number{1, 1}, number{}, true},
	} {
		require.Equal(t, test.after, test.n.after(test.m), "%s after %s", test.n, test.m)
	}
}
