package explain

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
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
	// Spares are, where no fault alone makes it hold, those that alone make some
	// messages not violate it. Others still do: each of three kills costs one.
	Spares []Spare `json:"spares,omitempty"`
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

// Spare is a fault without which some messages are spared.
type Spare struct {
	Fault
	Messages []string `json:"messages"` // as Name calls them
}

// Name tells a message of a verdict from others.
func Name(m check.Message) string { return call(m) }

// proven are the faults of which reruns have shown that it takes them.
type proven []Fault

// proven gives the faults that it took for a message to violate the property.
func (f *Counterfactual) proven(m check.Message) proven {
	if f == nil || len(f.Without) > 0 {
		return f.decisive()
	}
	var all proven
	for _, s := range f.Spares {
		if slices.Contains(s.Messages, Name(m)) {
			all = append(all, s.Fault)
		}
	}
	return all
}

func (f *Counterfactual) decisive() proven {
	if f == nil {
		return nil
	}
	return f.Without
}

// matters reports whether a use of a fault is of one of them.
func (p proven) matters(id string) bool {
	return id != "" && slices.ContainsFunc(p, func(f Fault) bool { return slices.Contains(f.Uses, id) })
}

func (p proven) String() string {
	var texts []string
	for _, f := range p {
		texts = append(texts, "“"+f.Text+"”")
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "any one of " + strings.Join(texts, ", ")
}

// proof says in a sentence what the reruns showed of a message.
func (f *Counterfactual) proof(m check.Message) string {
	took := f.proven(m)
	switch {
	case !f.Reproduced:
		return "The virtual world does not show it with this seed, so no rerun can tell which fault it took"
	case len(f.Without) > 0:
		return fmt.Sprintf("Without %s, and all else as it was, %s holds", took, f.Property)
	case len(took) > 0 && f.Needed:
		return fmt.Sprintf("Without %s, and all else as it was, this does not happen to %s, but to others; without any fault, %s holds", took, Name(m), f.Property)
	case len(took) > 0:
		return fmt.Sprintf("Without %s, and all else as it was, this does not happen to %s; to others it happens without any fault", took, Name(m))
	case !f.Needed:
		return fmt.Sprintf("No fault is needed: without any, %s is violated as well", f.Property)
	}
	return fmt.Sprintf("No single fault decides: %s holds without any fault, and is violated without any one of them", f.Property)
}
