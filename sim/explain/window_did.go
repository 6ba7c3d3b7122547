package explain

import (
	"fmt"
	"strings"
)

// did says what a fault did to its node, or that it came over its link.
func (w Window) did() string {
	switch w.Fault {
	case "kill":
		return w.Node + " was killed"
	case "stop":
		return w.Node + " was stopped"
	case "powercut":
		return w.Node + " lost its power, and with it what was not synced"
	case "tear":
		return w.Node + " died in the middle of a write"
	case "pause":
		if w.To == Forever {
			return w.Node + " was paused"
		}
		return w.Node + " was paused for " + span(w.To-w.From)
	case "overload":
		return w.Node + " was overloaded"
	case "enospc":
		return "the disk of " + w.Node + " was full"
	case "eio":
		return "the disk of " + w.Node + " was broken"
	case "syncfail":
		return "the disk of " + w.Node + " could not sync"
	case "skew":
		if back, ok := strings.CutPrefix(w.Detail, "offset=-"); ok {
			return fmt.Sprintf("the clock of %s was set back by %s", w.Node, back)
		}
		return fmt.Sprintf("the clock of %s was set wrong, %s", w.Node, w.Detail)
	}
	return fmt.Sprintf("“%s” came into force", w.Name())
}
