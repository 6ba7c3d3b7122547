package labtest

import "faultlab/sim/history"

// KilledAfter counts a node's kills by what it had last done with a request:
// received it, stored it or answered it.
func KilledAfter(events []history.Event, node string) map[history.Kind]int {
	kills := map[history.Kind]int{}
	var last history.Kind
	for _, e := range events {
		switch {
		case e.Node != node:
		case e.Kind == history.Kill:
			kills[last]++
		case e.Kind == history.Recv, e.Kind == history.Store, e.Kind == history.Send:
			last = e.Kind
		}
	}
	return kills
}
