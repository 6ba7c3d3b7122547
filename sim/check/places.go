package check

import (
	"slices"

	"faultlab/sim/history"
)

// places are places in the history, in order.
type places []int

// places gathers where the events of one sort stand, by what they concern.
func (r *Run) places(concerns func(*history.Event) (what string, ok bool)) map[string]places {
	all := map[string]places{}
	for i := range r.Events {
		if what, ok := concerns(&r.Events[i]); ok {
			all[what] = append(all[what], i)
		}
	}
	return all
}

// after is the first of them behind a place, or none.
func (p places) after(place int) int {
	if i, _ := slices.BinarySearch(p, place+1); i < len(p) {
		return p[i]
	}
	return none
}
