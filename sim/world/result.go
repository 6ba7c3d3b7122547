package world

import (
	"time"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// Result is what came of a run. Everything in it but the files can be computed
// again from Record and Events.
type Result struct {
	Record Record          `json:"record"`
	Events []history.Event `json:"events"`
	// Files are the lab's own files at the end of the run, by host and name
	// ("collector/server-paul.log").
	Files map[string][]byte `json:"files,omitempty"`

	Judgement
}

// Record is what must be known of a run, besides its history, to judge it
// again. It is saved as run.json.
type Record struct {
	Lab      string            `json:"lab"`
	Scenario string            `json:"scenario"` // "" for a script without a name
	Variant  string            `json:"variant"`
	World    string            `json:"world"`
	Seed     uint64            `json:"seed"`
	Params   map[string]string `json:"params"`
	Script   string            `json:"script"` // canonical text
	Events   int               `json:"events"` // lines of history.jsonl

	Promises []string          `json:"promises"`
	Expects  []Expectation     `json:"expects"`
	Owed     bool              `json:"owed"`            // the lab owes delivery
	Reads    []string          `json:"reads,omitempty"` // operations that leave no entry in the log
	Waits    bool              `json:"waits,omitempty"` // order is promised only to a client that waits
	Bound    time.Duration     `json:"bound_ns"`
	Links    []string          `json:"links"`
	Hosts    map[string]string `json:"hosts"`

	Faults   []FaultReport `json:"faults"`
	Problems []string      `json:"problems,omitempty"` // why the run cannot be trusted; any makes it unknown

	// Counterfactuals are what reruns without the script's faults showed, one a
	// property that was violated.
	Counterfactuals []explain.Counterfactual `json:"counterfactuals,omitempty"`

	Elapsed time.Duration `json:"elapsed_ns"` // real time that the run took
	Virtual time.Duration `json:"virtual_ns"` // time that passed in the run's own world
}

// Expectation is one expect line for the variant of this run.
type Expectation struct {
	Property string `json:"property"`
	Violated bool   `json:"violated"` // else it must hold
	Count    int    `json:"count"`    // messages that must violate it; -1: any number
}

// FaultReport tells what became of one fault of the script.
type FaultReport struct {
	At     string `json:"at,omitempty"`   // "900ms", or "every 1s"
	When   string `json:"when,omitempty"` // "collector stores #17"
	Fault  string `json:"fault"`
	Target string `json:"target"`
	Effect string `json:"effect"` // "" means none: it met nothing
	Line   int    `json:"line,omitempty"`
	// Uses are the ids that the events of its uses bear in the history.
	Uses []string `json:"uses,omitempty"`
}

// Judgement is the outcome of judging a run.
type Judgement struct {
	Outcome    check.Outcome   `json:"outcome"`
	AsExpected bool            `json:"as_expected"`
	Verdicts   []check.Verdict `json:"verdicts"` // promised and expected properties, by name
	Counts     check.Counts    `json:"counts"`
	Reasons    []string        `json:"reasons,omitempty"` // why it is not as expected, or unknown
}
