package reports

import (
	"time"

	"faultlab/sim/check"
)

// Summary is the content of summary.json.
type Summary struct {
	Runs   []SummaryRun `json:"runs"`
	Counts Counts       `json:"counts"`
}

// SummaryRun is one run in it.
type SummaryRun struct {
	Lab        string                   `json:"lab"`
	Scenario   string                   `json:"scenario"` // without the lab's name
	Variant    string                   `json:"variant"`
	World      string                   `json:"world"`
	AsExpected bool                     `json:"as_expected"`
	Outcome    check.Outcome            `json:"outcome"`
	Properties map[string]check.Outcome `json:"properties"`
	Faults     []SummaryFault           `json:"faults"`
	Events     int                      `json:"events"`
	ElapsedMS  int64                    `json:"elapsed_ms"` // real time
	VirtualMS  int64                    `json:"virtual_ms"` // time in the run's own world
}

// SummaryFault is one fault of a run's script. An empty effect means that it
// met nothing.
type SummaryFault struct {
	At     string `json:"at,omitempty"`
	When   string `json:"when,omitempty"`
	Fault  string `json:"fault"`
	Target string `json:"target"`
	Effect string `json:"effect"`
}

// Counts tells how many runs came out how. Every run is counted once, besides
// in Runs.
type Counts struct {
	Runs       int `json:"runs"`
	AsExpected int `json:"as_expected"`
	Differs    int `json:"differs"`
	Unknown    int `json:"unknown"`
}

// Count counts runs by their state.
func Count(runs []Run) Counts {
	c := Counts{Runs: len(runs)}
	for _, r := range runs {
		switch r.State() {
		case AsExpected:
			c.AsExpected++
		case Differs:
			c.Differs++
		case Unknown:
			c.Unknown++
		}
	}
	return c
}

// Summarize gives the content of summary.json, runs in the order given.
func Summarize(runs []Run) Summary {
	s := Summary{Runs: []SummaryRun{}, Counts: Count(runs)}
	for _, r := range runs {
		line := SummaryRun{
			Lab:        r.Record.Lab,
			Scenario:   ScenarioName(r.Record),
			Variant:    r.Record.Variant,
			World:      r.Record.World,
			AsExpected: r.State() == AsExpected,
			Outcome:    r.Outcome,
			Properties: map[string]check.Outcome{},
			Faults:     []SummaryFault{},
			Events:     r.Record.Events,
			ElapsedMS:  r.Record.Elapsed.Round(time.Millisecond).Milliseconds(),
			VirtualMS:  r.Record.Virtual.Round(time.Millisecond).Milliseconds(),
		}
		for _, v := range r.Verdicts {
			line.Properties[v.Property] = v.Outcome
		}
		for _, f := range r.Record.Faults {
			line.Faults = append(line.Faults, SummaryFault{At: f.At, When: f.When, Fault: f.Fault, Target: f.Target, Effect: f.Effect})
		}
		s.Runs = append(s.Runs, line)
	}
	return s
}

// JSON prints the summary as summary.json has it.
func (s Summary) JSON() ([]byte, error) { return encode(s) }
