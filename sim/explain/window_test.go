package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

func TestWindows(t *testing.T) {
	events := []history.Event{
		{T: 1, Kind: history.Fault, Op: "latency", ID: "1", Link: "a->b", Detail: "upstream latency=5ms"},
		{T: 2, Kind: history.Fault, Op: "partition", ID: "2", Link: "a->b", Detail: "{a} {b c}"},
		{T: 2, Kind: history.Fault, Op: "partition", ID: "2", Link: "a->c", Detail: "{a} {b c}"},
		{T: 3, Kind: history.Heal, Op: "latency", ID: "1", Link: "a->b"},
		{T: 4, Kind: history.Fault, Op: "tear", ID: "3", Node: "b", Detail: "bytes=4"},
		{T: 5, Kind: history.Kill, Node: "c"},
		{T: 6, Kind: history.Kill, Node: "b"},
		{T: 7, Kind: history.Fault, Op: "kill", ID: "4", Node: "b"},
		{T: 7, Kind: history.Kill, Node: "b"},
		{T: 9, Kind: history.Heal, Op: history.HealAll},
	}
	all := windows(events)
	require.Len(t, all, 4)
	require.Equal(t, "latency a->b upstream latency=5ms", all[0].Name())
	require.EqualValues(t, 3, all[0].To)
	require.Equal(t, "partition a | b c", all[1].Name(), "one use, and as the script has it")
	require.Equal(t, []string{"a->b", "a->c"}, all[1].Links)
	require.EqualValues(t, 9, all[1].To, "the last heal ends all")
	require.Equal(t, 6, all[2].place, "a tear strikes with the write that it tears")
	require.Equal(t, 7, all[3].place)
}

func TestTouches(t *testing.T) {
	for detail, want := range map[string][2]bool{ // of a request, of an answer
		"upstream latency=5ms": {true, false},
		"downstream":           {false, true},
		"":                     {true, true},
		"rate=1":               {true, true},
	} {
		w := Window{Links: []string{"a->b"}, Detail: detail}
		require.Equal(t, want, [2]bool{w.touches("a->b", false), w.touches("a->b", true)}, detail)
		require.False(t, w.touches("b->a", false))
		require.False(t, w.touches("", false), "nothing tells where it went")
	}
}
