package world

import (
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// observer is what a lab sees of itself while it is read back: its cluster, and
// the consoles, which the history holds.
type observer struct {
	Cluster
	run *run
}

var _ lab.Observer = observer{}

// Console lists the node's lines by their time. The history holds them in the
// order in which they came in, which for a live node's panic is another.
func (o observer) Console(node string) []string {
	o.run.mu.Lock()
	var printed []history.Event
	for _, e := range o.run.events {
		if e.Kind == history.Print && e.Node == node {
			printed = append(printed, e)
		}
	}
	o.run.mu.Unlock()
	history.Sort(printed)
	var lines []string
	for _, e := range printed {
		lines = append(lines, e.Value)
	}
	return lines
}
