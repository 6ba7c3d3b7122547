package explain

import (
	"fmt"
	"slices"
	"strings"
)

// Counterfactual is what reruns of a script in the virtual world showed about a
// property that was violated: which fault it took.
type Counterfactual struct {
	Property string `json:"property"`
	// Reproduced says that the virtual world violates it too; if not, nothing
	// else here means anything.
	Reproduced bool `json:"reproduced"`
	// Needed says that it holds without any fault.
	Needed bool `json:"needed"`
	// Without are the faults of which each, left out alone, makes it hold.
	Without []Fault `json:"without,omitempty"`
	// Remedy is what the hardened variant did at that point, in the same script.
	Remedy string `json:"remedy,omitempty"`
}

// Fault is one fault of a script.
type Fault struct {
	Line int    `json:"line"` // of the script
	Text string `json:"text"` // as the script has it
	// Uses are the ids of its uses in the history.
	Uses []string `json:"uses"`
}

// matters reports whether reruns have shown that it takes this use of a fault.
func (f *Counterfactual) matters(id string) bool {
	return f != nil && id != "" && slices.ContainsFunc(f.Without, func(w Fault) bool { return slices.Contains(w.Uses, id) })
}

// proof says in a sentence what the reruns showed.
func (f *Counterfactual) proof() string {
	switch {
	case !f.Reproduced:
		return "The virtual world does not show it with this seed, so no rerun can tell which fault it took"
	case !f.Needed:
		return fmt.Sprintf("No fault is needed: without any, %s is violated as well", f.Property)
	case len(f.Without) == 0:
		return fmt.Sprintf("No single fault decides: %s holds without any fault, and is violated without any one of them", f.Property)
	}
	var texts []string
	for _, w := range f.Without {
		texts = append(texts, "“"+w.Text+"”")
	}
	if len(texts) == 1 {
		return fmt.Sprintf("Without %s, and all else as it was, %s holds", texts[0], f.Property)
	}
	return fmt.Sprintf("Without any one of %s, and all else as it was, %s holds", strings.Join(texts, ", "), f.Property)
}
