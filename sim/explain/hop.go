package explain

import (
	"slices"
	"strings"

	"faultlab/sim/history"
)

// Hop is a message on its way from one node to another.
type Hop struct {
	Send int // where its Send stands in the history
	Recv int // where its Recv stands; None: it never came
	From string
	To   string // empty: it never came, and nothing tells where it went
	Link string // the link that it travels, in either direction; empty: not known
	// Answer says that it travels from the service to the client: downstream.
	Answer bool
	// Again says that the same message was sent before, by the same node.
	Again bool
}

// None is a place in the history that does not exist.
const None = -1

// answer begins the Msg of an answer, and is followed by that of its request.
const answer = "re "

// hops pairs each Send with its Recv. Several with one Msg are tries of one
// message, and nothing in the history tells which of them came.
//
// A Recv goes to the last try before it that has none: who sends again has
// given the earlier try up, mostly because it was lost. With tries at 1 and 2
// and one Recv at 3, it is the first that is lost, not the second. But of those
// that came, the first came first: with another Recv at 4 the two are told
// apart by their order, as one connection would.
//
// links are those of the run. Of an event that does not say on which it was they
// tell: between two nodes there is one, and a node that dials one other only can
// have meant no other.
func hops(events []history.Event, links []string) []Hop {
	type way struct{ sends, recvs []int }
	ways := map[string]*way{}
	for i, e := range events {
		if e.Msg == "" || e.Kind != history.Send && e.Kind != history.Recv {
			continue
		}
		w := ways[e.Msg]
		if w == nil {
			w = &way{}
			ways[e.Msg] = w
		}
		if e.Kind == history.Send {
			w.sends = append(w.sends, i)
		} else {
			w.recvs = append(w.recvs, i)
		}
	}
	var all []Hop
	for msg, w := range ways {
		recv := pair(events, w.sends, w.recvs)
		sent := map[caller]bool{}
		for _, i := range w.sends {
			e := events[i]
			who := caller{e.Node, e.Source, e.Seq}
			h := Hop{Send: i, Recv: None, From: e.Node, Link: e.Link, Answer: strings.HasPrefix(msg, answer), Again: sent[who]}
			sent[who] = true
			if from, to, ok := strings.Cut(e.Link, "->"); ok && from == e.Node {
				h.To = to
			}
			if place, ok := recv[i]; ok {
				h.Recv, h.To = place, events[place].Node
				if h.Link == "" {
					h.Link = events[place].Link
				}
			}
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b Hop) int { return a.Send - b.Send })
	for i := range all {
		all[i].route(links)
	}
	address(events, all)
	return all
}

// route finds the link that a message travelled.
func (h *Hop) route(links []string) {
	if h.Link != "" {
		return
	}
	var may []string
	for _, link := range links {
		client, service, _ := strings.Cut(link, "->")
		if h.Answer {
			client, service = service, client
		}
		if client == h.From && (service == h.To || h.To == "" && !h.Answer) {
			may = append(may, link)
		}
	}
	if len(may) == 1 {
		h.Link = may[0]
		if h.To == "" {
			_, h.To, _ = strings.Cut(h.Link, "->")
		}
	}
}

// pair gives for each Send that came where its Recv stands.
func pair(events []history.Event, sends, recvs []int) map[int]int {
	var came, at []int
	taken := map[int]bool{}
	for _, r := range recvs {
		for i := len(sends) - 1; i >= 0; i-- {
			s := sends[i]
			if s < r && !taken[s] && events[s].Node != events[r].Node && alike(events[s], events[r]) {
				taken[s] = true
				came, at = append(came, s), append(at, r)
				break
			}
		}
	}
	slices.Sort(came)
	recv := map[int]int{}
	for i, s := range came {
		recv[s] = at[i]
	}
	return recv
}

// caller tells the items of one stream apart, which share a Msg.
type caller struct {
	node, source string
	seq          int64
}

// alike reports whether a Send and a Recv may be of one item, as far as they
// bear numbers.
func alike(s, r history.Event) bool {
	return s.Seq == 0 || r.Seq == 0 || s.Seq == r.Seq && s.Source == r.Source
}

// address finds where a lost answer was going: to where the request had come
// from that its node got last.
func address(events []history.Event, all []Hop) {
	asked := map[string][]Hop{} // requests that came, by their Msg
	for _, h := range all {
		if !h.Answer && h.Recv != None {
			msg := events[h.Send].Msg
			asked[msg] = append(asked[msg], h)
		}
	}
	for i := range all {
		h := &all[i]
		if !h.Answer || h.Link != "" {
			continue
		}
		for _, request := range asked[strings.TrimPrefix(events[h.Send].Msg, answer)] {
			if request.Recv < h.Send && request.To == h.From {
				h.To, h.Link = request.From, request.Link
			}
		}
	}
}
