package check

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/history"
)

// sublog is one of the logs that a lab keeps, a part of L.
type sublog struct {
	name   string // empty where a lab has one log only
	places []int  // where its entries stand in L, in its order
}

// entry is one entry of L.
type entry struct {
	*history.Event
	op *operation // nil: a phantom
}

// log names the log that the entry stands in.
func (e entry) log() string { return e.Node }

// enter puts an entry at the end of its log.
func (r *Run) enter(e *history.Event) {
	l := r.sublog(e.Node)
	if l == nil {
		r.logs = append(r.logs, sublog{name: e.Node})
		l = &r.logs[len(r.logs)-1]
	}
	l.places = append(l.places, len(r.log))
	r.log = append(r.log, entry{Event: e})
}

// sublog finds a log by its name; nil: it has no entry.
func (r *Run) sublog(name string) *sublog {
	i := slices.IndexFunc(r.logs, func(l sublog) bool { return l.name == name })
	if i < 0 {
		return nil
	}
	return &r.logs[i]
}

// standing is an operation's place in one log.
type standing struct {
	log     string
	first   int // where its first entry stands in L
	entries int
}

// in is where the operation stands in a log; nil: it does not.
func (o *operation) in(log string) *standing {
	for i := range o.standings {
		if o.standings[i].log == log {
			return &o.standings[i]
		}
	}
	return nil
}

// opens: the entry at this place is the first one of its operation in its log.
func (r *Run) opens(place int) bool {
	e := r.log[place]
	return e.op != nil && e.op.in(e.log()).first == place
}

// present: it is in L, in whatever log.
func (o *operation) present() bool { return len(o.standings) > 0 }

// addressed: its entry belongs in this log.
func (o *operation) addressed(log string) bool { return o.to == nil || slices.Contains(o.to, log) }

// missing names the logs in which its entry belongs and is not, or is empty.
func (o *operation) missing() string {
	if o.to == nil {
		if o.present() {
			return ""
		}
		return "the log"
	}
	var names []string
	for _, log := range o.to {
		if o.in(log) == nil {
			names = append(names, log)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return theLog(names[0])
	}
	return "the logs of " + strings.Join(names, ", ")
}

// theLog is how sentences call a log.
func theLog(name string) string {
	if name == "" {
		return "the log"
	}
	return "the log of " + name
}

// all is how sentences call L.
func (r *Run) all() string {
	if len(r.logs) > 1 {
		return "the logs"
	}
	return "the log"
}

// entry is how sentences call an entry: by its place in its log, from 1.
func (r *Run) entry(place int) string {
	log := r.sublog(r.log[place].log())
	n, _ := slices.BinarySearch(log.places, place)
	return fmt.Sprintf("entry %d of %s", n+1, theLog(log.name))
}
