package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

func sends(t int64, node, msg string) history.Event {
	e := history.Event{T: t, Node: node, Kind: history.Send, Msg: msg}
	if node == "forwarder" {
		e.Link = "forwarder->collector"
	}
	return e
}

func receives(t int64, node, msg string) history.Event {
	e := history.Event{T: t, Node: node, Kind: history.Recv, Msg: msg}
	if node == "forwarder" {
		e.Link = "forwarder->collector"
	}
	return e
}

// arrivals gives for each Send, in order, when it came; -1: never.
func arrivals(events []history.Event) []int64 {
	var came []int64
	for _, h := range hops(events, nil) {
		if h.Recv == None {
			came = append(came, -1)
			continue
		}
		came = append(came, events[h.Recv].T)
	}
	return came
}

func TestHops(t *testing.T) {
	for name, test := range map[string]struct {
		events []history.Event
		want   []int64
	}{
		"one":             {[]history.Event{sends(1, "forwarder", "a"), receives(2, "collector", "a")}, []int64{2}},
		"lost":            {[]history.Event{sends(1, "forwarder", "a")}, []int64{-1}},
		"first try lost":  {[]history.Event{sends(1, "forwarder", "a"), sends(2, "forwarder", "a"), receives(3, "collector", "a")}, []int64{-1, 3}},
		"second try lost": {[]history.Event{sends(1, "forwarder", "a"), receives(2, "collector", "a"), sends(3, "forwarder", "a")}, []int64{2, -1}},
		// The first is late, and its sender has sent again by then.
		"both come":  {[]history.Event{sends(1, "forwarder", "a"), sends(2, "forwarder", "a"), receives(3, "collector", "a"), receives(4, "collector", "a")}, []int64{3, 4}},
		"two differ": {[]history.Event{sends(1, "forwarder", "a"), sends(2, "forwarder", "b"), receives(3, "collector", "b"), receives(4, "collector", "a")}, []int64{4, 3}},
		// Nobody receives what they sent themselves.
		"own": {[]history.Event{sends(1, "forwarder", "a"), receives(2, "forwarder", "a")}, []int64{-1}},
		// A Recv without a Send, as of a request that was cut short, is no hop.
		"stray": {[]history.Event{receives(1, "collector", "a"), sends(2, "forwarder", "a")}, []int64{-1}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, arrivals(test.events)) })
	}
}

// The items of a stream share a Msg, and are told apart by their numbers.
func TestHopsOfStreams(t *testing.T) {
	item := func(e history.Event, seq int64) history.Event {
		e.Source, e.Seq = "x", seq
		return e
	}
	events := []history.Event{
		item(sends(1, "forwarder", "a"), 1), item(sends(2, "forwarder", "a"), 2), item(sends(3, "forwarder", "a"), 3),
		item(receives(4, "collector", "a"), 1), item(receives(5, "collector", "a"), 2),
	}
	require.Equal(t, []int64{4, 5, -1}, arrivals(events))
	for _, h := range hops(events, nil) {
		require.False(t, h.Again)
	}
}

// A lost answer went where its request had come from: its own Send does not
// tell.
func TestHopsOfLostAnswers(t *testing.T) {
	all := hops([]history.Event{
		sends(1, "forwarder", "a"), receives(2, "collector", "a"), sends(3, "collector", "re a"),
		sends(4, "forwarder", "a"), receives(5, "collector", "a"), sends(6, "collector", "re a"), receives(7, "forwarder", "re a"),
	}, nil)
	require.Len(t, all, 4)
	lost := all[1]
	require.Equal(t, None, lost.Recv)
	require.True(t, lost.Answer)
	require.Equal(t, "forwarder", lost.To)
	require.Equal(t, "forwarder->collector", lost.Link)
	require.False(t, all[0].Again)
	require.True(t, all[2].Again)
	require.True(t, all[3].Again)
}

// Datagrams that do not say on which link they were: there is one that they can
// have been on, where there is one.
func TestHopsWithoutLinks(t *testing.T) {
	bare := func(t int64, node string, kind history.Kind, msg string) history.Event {
		return history.Event{T: t, Node: node, Kind: kind, Msg: msg}
	}
	events := []history.Event{
		bare(1, "client", history.Send, "a"), bare(2, "server", history.Recv, "a"), bare(3, "server", history.Send, "re a"),
		bare(4, "client", history.Send, "b"),
	}
	for _, h := range hops(events, []string{"client->server", "client2->server"}) {
		require.Equal(t, "client->server", h.Link)
	}
	all := hops(events, []string{"client->server", "client->store"})
	require.Equal(t, "client->server", all[0].Link, "it came there")
	require.Equal(t, "client->server", all[1].Link, "an answer to it")
	require.Empty(t, all[2].Link, "it may have been either")
	require.Empty(t, all[2].To)
}
