package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

// The forwarder's request is lost and sent again; its answer belongs to the
// second try. The client's own request is an operation, and shown as one.
func TestRoundTrips(t *testing.T) {
	events := []history.Event{
		{T: 1, Node: "sensor", Kind: history.Invoke},
		{T: 2, Node: "sensor", Kind: history.Send, Msg: "GET 1"},
		{T: 3, Node: "forwarder", Kind: history.Send, Msg: "POST 7"},
		{T: 10, Node: "forwarder", Kind: history.Send, Msg: "POST 7"},
		{T: 11, Node: "collector", Kind: history.Recv, Msg: "POST 7"},
		{T: 12, Node: "collector", Kind: history.Send, Msg: "re POST 7"},
		{T: 15, Node: "forwarder", Kind: history.Recv, Msg: "re POST 7"},
		{T: 16, Node: "forwarder", Kind: history.Recv, Msg: "re POST 7"},
		{T: 17, Node: "forwarder", Kind: history.Send, Msg: "POST 8"},
		{T: 18, Node: "sensor", Kind: history.Recv, Msg: "re GET 1"},
	}
	trips := roundTrips(events)
	require.Equal(t, []took{{at: 10, ns: 5}}, trips)
	require.Equal(t, " Requests between services that were answered: 1. Half took 5 ns or less, 99 of 100 took 5 ns or less, the longest 5 ns.", between(trips))
	require.Empty(t, between(nil))
}
