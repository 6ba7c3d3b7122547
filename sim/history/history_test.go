package history_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

// What compares equal keeps its order: an ok and the next invoke of one client
// may share an instant, and sorted by kind the invoke would come first.
func TestSortKeepsTheOrderOfEquals(t *testing.T) {
	events := []history.Event{
		{T: 2, Node: "a", Kind: history.OK, Seq: 1},
		{T: 2, Node: "a", Kind: history.Invoke, Seq: 2},
		{T: 2, Node: "a", Kind: history.Store, ID: "x"},
		{T: 1, Node: "b", Kind: history.Send},
		{T: 2, Kind: history.Fault},
		{T: 1, Node: "a", Kind: history.Recv},
	}
	want := []history.Event{events[5], events[3], events[4], events[0], events[1], events[2]}
	history.Sort(events)
	require.Equal(t, want, events)
}

func TestKindsAreDistinct(t *testing.T) {
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(history.Kinds))), len(history.Kinds))
}

// What is cleaned is what a reader of the file gets.
func TestCleanIsWhatSavingDoes(t *testing.T) {
	text := "a\xff\xfeÄ\xe2\x82"
	e := history.Event{Kind: history.Final, Op: text, Source: text, ID: text, Value: text, Link: text, Msg: text, Detail: text}
	var file bytes.Buffer
	require.NoError(t, history.Write(&file, []history.Event{e}))
	saved, err := history.Read(&file, "x")
	require.NoError(t, err)
	require.NotEqual(t, e, saved[0])
	e.Clean()
	require.Equal(t, e, saved[0])
}
