package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

func TestVocabulary(t *testing.T) {
	s := depot()
	v := world.Vocabulary(lab.Register(s))
	require.Len(t, v.Systems, 1)
	words := v.Systems[0]
	require.Equal(t, "depot", words.Name)
	require.Equal(t, []string{"plain"}, words.Variants)
	params, err := s.Params.Parse(nil)
	require.NoError(t, err)
	nodes, links := words.Topology(params)
	require.Equal(t, []string{"client", "store", "clerk"}, nodes)
	require.Equal(t, []string{"client->store"}, links)

	seen := map[string]bool{}
	for _, f := range v.Faults {
		require.False(t, seen[f.Name], "two faults are called %s", f.Name)
		seen[f.Name] = true
		require.NotEmpty(t, f.On, f.Name)
		require.NotEmpty(t, f.Doc, f.Name)
		require.NotEmpty(t, f.Effect, f.Name)
		for _, p := range f.Attrs {
			require.NotEmpty(t, p.Doc, "%s %s", f.Name, p.Name)
		}
	}
	for _, name := range []string{"latency", "hold", "partition", "kill", "powercut", "syncfail"} {
		require.True(t, seen[name], name)
	}
	require.Contains(t, v.Properties, scenarios.PropertyWord{Name: "no-loss", Doc: "Every acknowledged message is in the log."})
}

// An inside fault crosses a pipe as text, and was validated before it does.
func TestInsideRefusesWhatNoScriptSays(t *testing.T) {
	in := world.NewInside(nil, func(int) {}, func() {})
	require.Panics(t, func() { in.Set(world.InsideFault{ID: 1, Name: "skew"}) }, "it needs an offset")
	require.Panics(t, func() { in.Set(world.InsideFault{ID: 1, Name: "eio", Attrs: map[string]string{"bytes": "1"}}) })
}

func TestInsideAddsSkewsUp(t *testing.T) {
	met := map[int]int{}
	skew := func(id int, offset string) world.InsideFault {
		return world.InsideFault{ID: id, Name: "skew", Attrs: map[string]string{"offset": offset}}
	}
	in := world.NewInside([]world.InsideFault{skew(7, "1h")}, func(id int) { met[id]++ }, func() {})
	in.Set(skew(3, "-90m"))
	at := time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)
	require.Equal(t, "11:30", in.Clock(at).Format("15:04"))
	in.Clear(7)
	in.Clear(7)
	require.Equal(t, "10:30", in.Clock(at).Format("15:04"))
	in.Clear(3)
	require.Equal(t, at, in.Clock(at))
	require.Equal(t, map[int]int{7: 1, 3: 2}, met)
}
