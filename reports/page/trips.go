package page

import (
	"fmt"
	"strings"

	"faultlab/sim/history"
)

// answerMark begins the Msg of an answer, and is followed by that of its request.
const answerMark = "re "

// roundTrips are the requests of nodes that are no clients, and how long each
// took until its answer was there. A sensor that writes a file has quick
// operations on the worst of days: it is its forwarder that waits for the
// network.
//
// Tries of one request share its Msg, and an answer is taken for one to the last
// try before it: who asks again has given the earlier one up.
func roundTrips(events []history.Event) []took {
	clients := map[string]bool{}
	for _, e := range events {
		if e.Kind == history.Invoke {
			clients[e.Node] = true
		}
	}
	type request struct{ node, msg string }
	sent := map[request]int64{}
	var all []took
	for _, e := range events {
		if e.Msg == "" || clients[e.Node] {
			continue
		}
		msg, answer := strings.CutPrefix(e.Msg, answerMark)
		switch r := (request{e.Node, msg}); {
		case e.Kind == history.Send && !answer:
			sent[r] = e.T
		case e.Kind == history.Recv && answer:
			if at, asked := sent[r]; asked {
				all = append(all, took{at: at, ns: e.T - at})
				delete(sent, r)
			}
		}
	}
	return all
}

// between says how long the requests took, in a sentence or two.
func between(trips []took) string {
	if len(trips) == 0 {
		return ""
	}
	var all []int64
	for _, o := range trips {
		all = append(all, o.ns)
	}
	return fmt.Sprintf(" Requests between services that were answered: %d.%s", len(trips), quantiles(all))
}
