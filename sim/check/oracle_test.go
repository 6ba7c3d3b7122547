package check_test

import (
	"slices"
	"strings"
	"time"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// oracle judges a small history from the definitions alone, by brute force. It
// shares no code with the checkers: it sees events and facts, and where they
// index, sort and merge it looks at everything for everything.
type oracle struct {
	events []history.Event
	facts  check.Facts
	ops    []call
	log    []history.Event
	of     []int // the operation of each entry; -1: a phantom
}

// call is an invoke and its completion, by their places.
type call struct{ invoke, completion int } // completion -1: none

func newOracle(events []history.Event, facts check.Facts) *oracle {
	o := &oracle{events: events, facts: facts}
	for i, e := range events {
		switch e.Kind {
		case history.Invoke:
			o.ops = append(o.ops, call{i, -1})
		case history.Final:
			o.log = append(o.log, e)
		}
	}
	for i, e := range events {
		if e.Kind != history.OK && e.Kind != history.Fail && e.Kind != history.Info {
			continue
		}
		for k := len(o.ops) - 1; k >= 0; k-- {
			in := events[o.ops[k].invoke]
			if o.ops[k].invoke < i && in.Node == e.Node && in.Source == e.Source && in.Seq == e.Seq {
				if o.ops[k].completion < 0 {
					o.ops[k].completion = i
				}
				break
			}
		}
	}
	o.explain()
	return o
}

func (o *oracle) kind(op int) history.Kind {
	if c := o.ops[op].completion; c >= 0 {
		return o.events[c].Kind
	}
	return history.Info // an operation that never completed has an unknown outcome
}

func (o *oracle) id(op int) string {
	c := o.ops[op]
	if c.completion >= 0 && o.events[c.completion].ID != "" {
		return o.events[c.completion].ID
	}
	return o.events[c.invoke].ID
}

// leaves reports whether the operation leaves an entry in the log.
func (o *oracle) leaves(op int) bool {
	name := o.events[o.ops[op].invoke].Op
	return name != "delete" && !slices.Contains(o.facts.Reads, name)
}

// owes reports whether the log must have the operation if it took effect: it
// leaves an entry, and no delete can have removed that.
func (o *oracle) owes(op int) bool {
	for k, c := range o.ops {
		e := o.events[c.invoke]
		if e.Op != "delete" || e.ID == "" || e.ID != o.id(op) || o.kind(k) == history.Fail {
			continue
		}
		if o.kind(k) == history.Info || c.completion > o.ops[op].invoke {
			return false
		}
	}
	return o.leaves(op)
}

func (o *oracle) entries(op int) (places []int) {
	for i, k := range o.of {
		if k == op {
			places = append(places, i)
		}
	}
	return places
}

// finding is what the oracle says of one property: the operations concerned,
// or the entries, by their places.
type finding struct {
	outcome check.Outcome
	places  []int
}

func find(saw bool, wrong []int) finding {
	switch {
	case len(wrong) > 0:
		return finding{check.Violated, wrong}
	case !saw:
		return finding{check.Unknown, nil}
	}
	return finding{check.Holds, nil}
}

func (o *oracle) judge(property string) finding {
	if len(o.ops) == 0 {
		return finding{check.Unknown, nil}
	}
	switch property {
	case check.NoLoss:
		return o.each(func(op int) (bool, bool) {
			return o.kind(op) == history.OK && o.owes(op), o.lacks(op)
		})
	case check.Delivered:
		return o.each(func(op int) (bool, bool) { return !o.harmed(op) && o.owes(op), o.lacks(op) })
	case check.NoDuplicates:
		return o.each(func(op int) (bool, bool) { return len(o.entries(op)) > 0, o.doubled(op) })
	case check.FIFO:
		return o.fifo()
	case check.Causal:
		return o.causal()
	case check.Atomic:
		return o.atomic()
	case check.Agreement:
		return o.agreement()
	case check.NoPhantoms:
		var wrong []int
		for i, k := range o.of {
			if k < 0 {
				wrong = append(wrong, i)
			}
		}
		return find(len(o.log) > 0, wrong)
	case check.Integrity:
		return o.integrity()
	case check.FailHonest:
		return o.each(func(op int) (bool, bool) {
			return o.leaves(op) && o.kind(op) == history.Fail, len(o.entries(op)) > 0
		})
	case check.ReplyMatch:
		return o.each(func(op int) (bool, bool) { return o.replied(op) })
	case check.IDUnique:
		return o.idUnique()
	case check.Linearizable:
		return o.linearizable()
	case check.Live:
		return o.live()
	case check.Isolated:
		return o.each(func(op int) (bool, bool) { return o.isolated(op) })
	}
	panic("the oracle does not know " + property)
}

// each asks of every operation whether it can be judged and whether it is wrong.
func (o *oracle) each(ask func(op int) (judged, wrong bool)) finding {
	var saw bool
	var wrong []int
	for k := range o.ops {
		judged, bad := ask(k)
		saw = saw || judged
		if judged && bad {
			wrong = append(wrong, k)
		}
	}
	return find(saw, wrong)
}

func (o *oracle) host(node string) string {
	if h := o.facts.Hosts[node]; h != "" {
		return h
	}
	return node
}

func (o *oracle) harmed(op int) bool {
	c := o.ops[op]
	node := o.events[c.invoke].Node
	for i := c.invoke; i < len(o.events); i++ {
		e := o.events[i]
		switch {
		case i == c.completion && e.Kind == history.OK:
			return false
		case e.Kind == history.Kill && e.Node == node:
			return true
		case e.Kind == history.Fault && e.Op == "powercut" && o.host(e.Node) == o.host(node):
			return true
		}
	}
	return false
}

func (o *oracle) fifo() finding {
	var saw bool
	var wrong []int
	for i, later := range o.of {
		if !o.opens(i) {
			continue
		}
		late := false
		for j, earlier := range o.of[:i] {
			if earlier < 0 || o.log[j].Node != o.log[i].Node || o.events[o.ops[earlier].invoke].Source != o.events[o.ops[later].invoke].Source {
				continue
			}
			inverted := o.ordered(later, earlier)
			saw = saw || inverted || o.ordered(earlier, later)
			late = late || inverted
		}
		if late && !slices.Contains(wrong, later) {
			wrong = append(wrong, later)
		}
	}
	return find(saw, wrong)
}

// ordered reports whether a must stand before b.
func (o *oracle) ordered(a, b int) bool {
	if !o.facts.Waits {
		return a < b
	}
	return o.kind(a) == history.OK && o.ops[a].completion < o.ops[b].invoke
}

func (o *oracle) integrity() finding {
	var saw bool
	var wrong []int
	for i, k := range o.of {
		if k < 0 {
			continue
		}
		saw = true
		if o.log[i].Value != o.events[o.ops[k].invoke].Value && !slices.Contains(wrong, k) {
			wrong = append(wrong, k)
		}
	}
	return find(saw, wrong)
}

// there adds up the time between two instants at which a node was neither
// down nor paused.
func (o *oracle) there(node string, from, to int64) time.Duration {
	var sum, last int64
	var down, paused bool
	for _, e := range append(slices.Clone(o.events), history.Event{T: to, Node: node}) {
		if e.Node != node {
			continue
		}
		if a, b := max(last, from), min(e.T, to); !down && !paused && b > a {
			sum += b - a
		}
		last = max(last, e.T)
		switch e.Kind {
		case history.Kill, history.Stop:
			down = true
		case history.Pause:
			paused = true
		case history.Resume:
			paused = false
		case history.Start:
			down, paused = false, false
		}
	}
	return time.Duration(sum)
}

func (o *oracle) live() finding {
	end := o.events[len(o.events)-1].T
	healed := -1
	for i, e := range o.events {
		if e.Kind == history.Heal && e.Op == "all" {
			healed = i
		}
	}
	conclusive := healed >= 0
	var wrong []int
	for k, c := range o.ops {
		node := o.events[c.invoke].Node
		probe := healed >= 0 && c.invoke > healed
		until, over := end, false
		for i := c.invoke; i < len(o.events) && !over; i++ {
			e := o.events[i]
			died := e.Node == node && (e.Kind == history.Kill || e.Kind == history.Stop)
			if i == c.completion || died && c.completion < 0 {
				until, over = e.T, true
			}
		}
		missing := o.facts.Owed && o.owes(k) && o.lacks(k)
		acked := c.completion >= 0 && o.kind(k) == history.OK
		switch {
		case o.there(node, o.events[c.invoke].T, until) > o.facts.Bound, probe && (!acked || missing):
			wrong = append(wrong, k)
		case !over:
			conclusive = false
		}
		probed := slices.ContainsFunc(o.ops, func(other call) bool {
			return other.invoke > healed && o.events[other.invoke].Node == node
		})
		conclusive = conclusive && probed
	}
	return find(conclusive, wrong)
}

func (o *oracle) isolated(op int) (judged, wrong bool) {
	c := o.ops[op]
	from := o.events[c.invoke].T
	until := from + int64(o.facts.Bound)
	late := c.completion < 0 || o.events[c.completion].T > until
	if !late {
		until = o.events[c.completion].T
	}
	if late && o.events[len(o.events)-1].T <= until {
		return false, false
	}
	nodes, links, hosts := o.path(o.events[c.invoke].Node)
	for i, e := range o.events {
		var touches bool
		var ends func(history.Event) bool
		switch e.Kind {
		case history.Fault:
			alone := strings.Contains("kill stop pause overload tear", e.Op)
			touches = e.Link == "" && e.Node == "" || e.Link != "" && slices.Contains(links, e.Link) ||
				e.Link == "" && e.Node != "" && (slices.Contains(nodes, e.Node) || !alone && slices.Contains(hosts, o.host(e.Node)))
			ends = func(h history.Event) bool {
				return h.Kind == history.Heal && (h.Op == "all" || h.Op == e.Op && h.ID == e.ID)
			}
		case history.Kill, history.Stop:
			touches = slices.Contains(nodes, e.Node)
			ends = func(s history.Event) bool { return s.Kind == history.Start && s.Node == e.Node }
		case history.Pause:
			touches = slices.Contains(nodes, e.Node)
			ends = func(s history.Event) bool {
				return (s.Kind == history.Start || s.Kind == history.Resume) && s.Node == e.Node
			}
		}
		if !touches || e.T > until {
			continue
		}
		over := false
		for _, later := range o.events[i+1:] {
			if ends(later) {
				over = later.T < from
				break
			}
		}
		if !over {
			return false, false
		}
	}
	return true, late || o.kind(op) != history.OK
}

func (o *oracle) path(client string) (nodes, links, hosts []string) {
	nodes = []string{client}
	for range o.facts.Links {
		for _, l := range o.facts.Links {
			from, to, _ := strings.Cut(l, "->")
			if slices.Contains(nodes, from) {
				nodes, links = append(nodes, to), append(links, l)
			}
		}
	}
	for _, n := range nodes {
		hosts = append(hosts, o.host(n))
	}
	return nodes, links, hosts
}
