package demo

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// runs runs a script as the page asks for it.
func runs(t testing.TB, name, text string) (prepared, []world.Result) {
	t.Helper()
	s := table()
	p, err := s.prepare(request{script: script{name, text}})
	require.NoError(t, err)
	var results []world.Result
	for _, v := range p.variants {
		spec := world.Spec{System: p.system, Variant: v, Scenario: p.Scenario, Seed: 1, Explored: true}
		results = append(results, world.Run(t.Context(), spec, virtual.New()))
	}
	return p, results
}

func embedded(t testing.TB, name string) string {
	t.Helper()
	text, err := fs.ReadFile(scenarios.Embedded(), name+scenarios.Ext)
	require.NoError(t, err)
	return string(text)
}

// Both variants are measured by one measure, also where only one of them
// promises something.
func TestView(t *testing.T) {
	p, results := runs(t, "lost-ack", embedded(t, "sensor/lost-ack"))
	v, err := viewOf(p, results)
	require.NoError(t, err)
	require.Len(t, v.Runs, 2)
	original, hardened := v.Runs[0], v.Runs[1]
	require.Equal(t, "violates no-duplicates (1)", original.Finding)
	require.Equal(t, "holds 8 properties", hardened.Finding)
	require.Len(t, original.Verdicts, len(hardened.Verdicts))
	require.Contains(t, string(original.Told), "17 &gt; 17 = false")
	require.Contains(t, string(v.Logs), "duplicated")

	// The fault stands where its trigger fired, and the timeline reaches to the
	// last operation.
	require.False(t, v.Steps[0].Clock)
	require.Equal(t, 7, v.Steps[0].Line)
	use := original.Uses[0][0]
	require.Greater(t, use[0], int64(100_000))
	require.Less(t, use[1], v.Span)
	require.NotEmpty(t, original.Effects[0])
	require.InDelta(t, 1_000_000, v.Span, 100_000)

	again := 0
	for _, f := range original.Finals {
		if f.Mark == "again" {
			again++
			require.Equal(t, "paul/17", f.Message)
		}
	}
	require.Equal(t, 1, again)
}

// The two sides are what the script is about: who is expected to fail stands
// beside who holds.
func TestSides(t *testing.T) {
	for name, want := range map[string][]string{
		"sensor/lost-ack":             {"original", "hardened"},
		"users/rest-post-ack-lost":    {"naive", "hardened"},
		"greeting/printed-twice":      {"original", "hardened"},
		"userservice/grpc-create-cut": {"original", "hardened"},
	} {
		p, err := table().prepare(request{script: script{"x", embedded(t, name)}})
		require.NoError(t, err)
		require.Equal(t, want, p.names(), name)
	}
	_, err := table().prepare(request{script: script{"x", embedded(t, "sensor/quiet")}, Variants: []string{"original", "hardened", "original"}})
	require.ErrorContains(t, err, "2 stand beside")
}

// A ticket is good for one run, two runs are served at a time, and tickets that
// nobody fetches are forgotten.
func TestTickets(t *testing.T) {
	l := newLives()
	first := l.add(prepared{})
	_, end, err := l.take(first)
	require.NoError(t, err)
	_, _, err = l.take(first)
	require.ErrorContains(t, err, "no such run")
	_, _, err = l.take("")
	require.Error(t, err)

	_, _, err = l.take(l.add(prepared{}))
	require.NoError(t, err)
	waits := l.add(prepared{})
	_, _, err = l.take(waits)
	require.ErrorIs(t, err, errBusy)
	end()
	_, _, err = l.take(waits)
	require.NoError(t, err, "who was refused keeps the ticket")

	forgotten := l.add(prepared{})
	for range booked {
		l.add(prepared{})
	}
	require.Len(t, l.tickets, booked)
	_, _, err = l.take(forgotten)
	require.ErrorContains(t, err, "no such run")
}

// BenchmarkView is what a drag costs besides the runs themselves.
func BenchmarkView(b *testing.B) {
	for _, readings := range []int{20, 100, 500} {
		text := fmt.Sprintf("system sensor\nworkload readings=%d every=%dus poll=100ms\nwhen collector stores #17 reset_peer forwarder->collector downstream for 20ms\n", readings, 1_000_000/readings)
		p, results := runs(b, "x", text)
		b.Run(fmt.Sprintf("messages=%d", readings), func(b *testing.B) {
			for b.Loop() {
				v, err := viewOf(p, results)
				require.NoError(b, err)
				text, err := json.Marshal(v)
				require.NoError(b, err)
				b.ReportMetric(float64(len(text)), "bytes")
			}
		})
	}
}
