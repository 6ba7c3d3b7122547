package labtest

import "faultlab/sim/history"

// Of lists the events of one kind.
func Of(events []history.Event, kind history.Kind) []history.Event {
	var all []history.Event
	for _, e := range events {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

// Values lists the values of the events of one kind: of history.Final, a lab's log.
func Values(events []history.Event, kind history.Kind) []string {
	var all []string
	for _, e := range Of(events, kind) {
		all = append(all, e.Value)
	}
	return all
}
