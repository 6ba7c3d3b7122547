package explain

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"faultlab/sim/history"
)

// Window is one use of a fault: what it was put on, and when.
type Window struct {
	ID     string // of its Fault event; a fault that comes back has many
	Fault  string
	Node   string   // of a fault on a node
	Links  []string // of a fault on links: one, or all that a partition cuts
	Detail string   // direction and attributes, as its event has them
	From   int64
	To     int64 // Forever: to the end
}

// Forever is the end of a window that nothing ended.
const Forever = math.MaxInt64

// windows gathers the faults of a history, in the order in which they began.
func windows(events []history.Event) []Window {
	var all []Window
	open := map[string]int{}
	for _, e := range events {
		switch {
		case e.Kind == history.Fault:
			i, again := open[e.ID]
			if !again {
				i = len(all)
				open[e.ID] = i
				all = append(all, Window{ID: e.ID, Fault: e.Op, Node: e.Node, Detail: e.Detail, From: e.T, To: Forever})
			}
			if e.Link != "" {
				all[i].Links = append(all[i].Links, e.Link)
			}
		case e.Kind == history.Heal && e.Op == history.HealAll:
			for i := range all {
				all[i].To = min(all[i].To, e.T)
			}
		case e.Kind == history.Heal:
			if i, ok := open[e.ID]; ok {
				all[i].To = min(all[i].To, e.T)
			}
		}
	}
	return all
}

// name is the fault as a script has it, without its times.
func (w Window) name() string {
	target := w.Node
	if len(w.Links) > 0 {
		target = strings.Join(w.Links, " ")
	}
	return strings.Join(slices.DeleteFunc([]string{w.Fault, target, w.Detail}, func(s string) bool { return s == "" }), " ")
}

// order sorts windows of one time by their number.
func (w Window) order() int {
	n, _ := strconv.Atoi(w.ID)
	return n
}

// touches reports whether the fault is on the way of a message in that
// direction.
func (w Window) touches(link string, answer bool) bool {
	if link == "" || !slices.Contains(w.Links, link) {
		return false
	}
	switch direction, _, _ := strings.Cut(w.Detail, " "); direction {
	case "upstream":
		return !answer
	case "downstream":
		return answer
	}
	return true
}

// The faults that keep a message, and those that only keep it waiting.
var (
	destroys = [...]string{"reset_peer", "timeout", "limit_data", "drop", "blackhole", "down", "partition", "loss", "corrupt", "truncate", "hold"}
	delays   = [...]string{"latency", "bandwidth", "slow_close", "slicer", "hold", "partition", "reorder"}
)

func (w Window) destroys() bool { return slices.Contains(destroys[:], w.Fault) }

func (w Window) delays() bool { return slices.Contains(delays[:], w.Fault) }
