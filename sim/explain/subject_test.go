package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

func TestSubject(t *testing.T) {
	c := Open([]history.Event{
		{T: 1, Node: "sensor", Kind: history.Invoke, Source: "paul", Seq: 17, ID: "169"},
		{T: 2, Node: "forwarder", Kind: history.Send, Source: "paul", ID: "169", Msg: "POST 169", Link: "forwarder->collector"},
		{T: 3, Node: "collector", Kind: history.Recv, Source: "hammad", ID: "169", Msg: "POST 169"},
		{T: 4, Node: "collector", Kind: history.Print, Value: "hello"},
	}, check.Facts{})
	for place, want := range []string{"paul/17", "paul/17", "", ""} {
		source, seq, ok := c.Subject(place)
		require.Equal(t, want != "", ok, "event %d", place)
		if ok {
			require.Equal(t, want, name{source, seq}.String())
		}
	}
}

func TestTook(t *testing.T) {
	c := Open([]history.Event{
		{T: 1, Node: "sensor", Kind: history.Invoke, Source: "paul", Seq: 17, ID: "169"},
		{T: 2, Node: "forwarder", Kind: history.Send, Source: "paul", ID: "169", Msg: "POST 169", Link: "forwarder->collector"},
		{T: 3, Kind: history.Fault, Op: "reset_peer", ID: "1", Link: "forwarder->collector", Detail: "upstream"},
		{T: 4, Kind: history.Heal, Op: "reset_peer", ID: "1", Link: "forwarder->collector"},
		{T: 5, Node: "forwarder", Kind: history.Send, Source: "paul", ID: "169", Msg: "POST 169", Link: "forwarder->collector"},
		{T: 6, Node: "collector", Kind: history.Recv, Source: "paul", ID: "169", Msg: "POST 169"},
	}, check.Facts{})
	require.Len(t, c.Hops, 2)
	w, ok := c.Took(c.Hops[0])
	require.True(t, ok)
	require.Equal(t, "reset_peer", w.Fault)
	_, ok = c.Took(c.Hops[1])
	require.False(t, ok, "it came")
}
