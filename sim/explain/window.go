package explain

import (
	"math"
	"regexp"
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

	// place is where it stands in the history: its Fault event or, of a tear,
	// the death of its node, which comes with the next write.
	place int
}

// Forever is the end of a window that nothing ended.
const Forever = math.MaxInt64

// windows gathers the faults of a history, in the order in which they began.
func windows(events []history.Event) []Window {
	var all []Window
	open := map[string]int{}
	for place, e := range events {
		switch {
		case e.Kind == history.Fault && e.ID != "":
			i, again := open[e.ID]
			if !again {
				i = len(all)
				open[e.ID] = i
				all = append(all, Window{ID: e.ID, Fault: e.Op, Node: e.Node, Detail: e.Detail, From: e.T, To: Forever, place: place})
			}
			if e.Link != "" {
				all[i].Links = append(all[i].Links, e.Link)
			}
		case e.Kind == history.Kill:
			for i, w := range all {
				if w.Fault == "tear" && w.Node == e.Node && w.To == Forever && events[w.place].Kind == history.Fault {
					all[i].place = place
				}
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

// side is one group of a partition, in the detail of its event.
var side = regexp.MustCompile(`\{([^}]*)\}`)

// Name is the fault as a script has it, without its times.
func (w Window) Name() string {
	target, detail := w.Node, w.Detail
	switch {
	case w.Fault == "partition":
		var sides []string
		for _, s := range side.FindAllStringSubmatch(detail, -1) {
			sides = append(sides, s[1])
		}
		target, detail = strings.Join(sides, " | "), strings.TrimSpace(side.ReplaceAllString(detail, ""))
	case len(w.Links) > 0:
		target = w.Links[0]
	}
	return strings.Join(slices.DeleteFunc([]string{w.Fault, target, detail}, func(s string) bool { return s == "" }), " ")
}

// order sorts windows of one time by their number.
func (w Window) order() int {
	n, _ := strconv.Atoi(w.ID)
	return n
}

// during reports whether the fault was in force at a time.
func (w Window) during(t int64) bool { return w.From <= t && t <= w.To }

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

// destroys reports whether the fault takes what is on its link.
func (w Window) destroys() bool {
	return slices.Contains([]string{
		"reset_peer", "timeout", "limit_data", "drop", "blackhole", "down", "partition", "loss", "corrupt", "truncate", "hold",
	}, w.Fault)
}

// delays reports whether the fault keeps what is on its link waiting.
func (w Window) delays() bool {
	return slices.Contains([]string{"latency", "bandwidth", "slow_close", "slicer", "hold", "partition", "reorder"}, w.Fault)
}

// kills reports whether the fault ends its node.
func (w Window) kills() bool {
	return slices.Contains([]string{"kill", "stop", "powercut", "tear"}, w.Fault)
}

// rank is higher for a fault that is more likely to have cost a message.
func (w Window) rank() int {
	switch {
	case w.destroys(), w.kills(), w.Fault == "pause", w.Fault == "overload":
		return 2
	case w.delays():
		return 1
	}
	return 0
}
