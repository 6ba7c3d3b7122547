package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

const ms = 1_000_000

func link(t int64, fault, id, detail string) history.Event {
	return history.Event{T: t, Kind: history.Fault, Op: fault, ID: id, Link: "forwarder->collector", Detail: detail}
}

// A message that never came was lost to the fault on its way that came nearest
// to it, and rather to one that destroys than to one that delays.
func TestLostTo(t *testing.T) {
	send := sends(10*ms, "forwarder", "a")
	for name, test := range map[string]struct {
		faults []history.Event
		want   string
	}{
		"nothing":             {nil, ""},
		"on its link":         {[]history.Event{link(9*ms, "timeout", "1", "")}, "1"},
		"the other way":       {[]history.Event{link(9*ms, "timeout", "1", "downstream")}, ""},
		"over before it":      {[]history.Event{link(1*ms, "timeout", "1", ""), {T: 2 * ms, Kind: history.Heal, Op: "timeout", ID: "1"}}, ""},
		"the nearest":         {[]history.Event{link(1*ms, "timeout", "1", ""), link(9*ms, "reset_peer", "2", "")}, "2"},
		"destroys":            {[]history.Event{link(1*ms, "timeout", "1", ""), link(9*ms, "latency", "2", "latency=1s")}, "1"},
		"only delays":         {[]history.Event{link(9*ms, "latency", "1", "latency=1s")}, "1"},
		"its receiver died":   {[]history.Event{{T: 11 * ms, Kind: history.Fault, Op: "kill", ID: "1", Node: "collector"}}, "1"},
		"died long after":     {[]history.Event{{T: 900 * ms, Kind: history.Fault, Op: "kill", ID: "1", Node: "collector"}}, ""},
		"held until it died":  {[]history.Event{link(9*ms, "latency", "2", "latency=1s"), {T: 900 * ms, Kind: history.Fault, Op: "kill", ID: "1", Node: "collector"}}, "1"},
		"another node died":   {[]history.Event{{T: 11 * ms, Kind: history.Fault, Op: "kill", ID: "1", Node: "sensor"}}, ""},
		"a disk was full":     {[]history.Event{{T: 1 * ms, Kind: history.Fault, Op: "enospc", ID: "1", Node: "collector"}}, ""},
		"its sender had died": {[]history.Event{{T: 1 * ms, Kind: history.Fault, Op: "kill", ID: "1", Node: "forwarder"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			events := append([]history.Event{send}, test.faults...)
			history.Sort(events)
			c := Open(events, check.Facts{})
			w, ok := c.lostTo(c.Hops[0], Forever)
			require.Equal(t, test.want, w.ID)
			require.Equal(t, test.want != "", ok)
		})
	}
}

// Of the deaths of a node those are told that cost the message something.
func TestFelled(t *testing.T) {
	kill := func(t int64, id string) []history.Event {
		return []history.Event{
			{T: t, Kind: history.Fault, Op: "kill", ID: id, Node: "collector"},
			{T: t, Kind: history.Kill, Node: "collector"},
			{T: t + 1, Kind: history.Heal, Op: "kill", ID: id, Node: "collector"},
		}
	}
	of := func(e history.Event) history.Event {
		e.Source, e.Seq = "paul", 1
		return e
	}
	request := []history.Event{
		of(history.Event{T: 1 * ms, Node: "sensor", Kind: history.Invoke, Op: "reading"}),
		of(sends(10*ms, "forwarder", "a")), of(receives(12*ms, "collector", "a")),
	}
	stored := of(history.Event{T: 13 * ms, Node: "collector", Kind: history.Store})
	pause := func(t int64, id string) []history.Event {
		return []history.Event{
			{T: t, Kind: history.Fault, Op: "pause", ID: id, Node: "collector"},
			{T: t + ms/2, Kind: history.Heal, Op: "pause", ID: id, Node: "collector"},
		}
	}
	reply := []history.Event{of(sends(14*ms, "collector", "re a")), of(receives(15*ms, "forwarder", "re a"))}
	entry := of(history.Event{T: 900 * ms, Kind: history.Final})
	join := func(parts ...[]history.Event) (all []history.Event) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	one := func(e history.Event) []history.Event { return []history.Event{e} }
	for name, test := range map[string]struct {
		events []history.Event
		want   []string
	}{
		"before it answered":        {join(request, one(stored), kill(13*ms+1, "1"), one(entry)), []string{"1"}},
		"after it answered":         {join(request, one(stored), reply, kill(50*ms, "1"), one(entry)), nil},
		"and forgot what it stored": {join(request, one(stored), reply, kill(50*ms, "1")), []string{"1"}},
		"once is enough":            {join(request, one(stored), reply, kill(50*ms, "1"), kill(80*ms, "2")), []string{"1"}},
		"stood still before it":     {join(request, one(stored), pause(13*ms+1, "1"), reply, one(entry)), []string{"1"}},
		"stood still after it":      {join(request, one(stored), reply, pause(50*ms, "1"), one(entry)), nil},
		"stillness forgets nothing": {join(request, one(stored), reply, pause(50*ms, "1")), nil},
		"before it came":            {join(request[:2], kill(5*ms, "1"), one(entry)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			history.Sort(test.events)
			c := Open(test.events, check.Facts{})
			n := paul1
			var got []string
			for _, w := range c.felled(n, c.threads[n], nil) {
				got = append(got, w.ID)
			}
			require.Equal(t, test.want, got)
		})
	}
}

var paul1 = name{"paul", 1}
