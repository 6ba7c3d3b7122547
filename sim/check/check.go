// Package check judges a history: one file a property, each a Checker.
//
// A verdict is holds, violated or unknown. A check that saw nothing says
// unknown: vacuous runs never pass. The definitions are those of the
// vocabulary page; each checker repeats its own above its code.
package check

import "time"

// Outcome is what a checker says.
type Outcome string

// The outcomes.
const (
	Holds    Outcome = "holds"
	Violated Outcome = "violated"
	Unknown  Outcome = "unknown"
)

// Facts are what a checker must know of a run besides its history.
type Facts struct {
	Bound time.Duration // within what time every operation completes
	// Owed says that every invoked operation must end up in the log: the
	// variant promises delivered.
	Owed bool
	// Links are the ways between nodes, "from->to"; Hosts tells on which
	// machine each node stands.
	Links []string
	Hosts map[string]string
}

// Message names an operation of the workload, or an entry of the log that is
// none.
type Message struct {
	Source string `json:"source,omitempty"`
	Seq    int64  `json:"seq,omitempty"` // 0: not a known operation
	Value  string `json:"value,omitempty"`
	Why    string `json:"why,omitempty"` // what is wrong with this one
}

// Verdict is the judgement on one property.
type Verdict struct {
	Property string    `json:"property"`
	Outcome  Outcome   `json:"outcome"`
	Count    int       `json:"count"`              // messages concerned
	Messages []Message `json:"messages,omitempty"` // the first of them, at most 100
	Why      string    `json:"why,omitempty"`      // one sentence
}

// Checker judges one property.
type Checker struct {
	Property string
	Doc      string // the definition, in one sentence
	Judge    func(*Run) Verdict
}

// Counts are the figures of a run; see the vocabulary page.
type Counts struct {
	Attempted    int `json:"attempted"`
	Acknowledged int `json:"acknowledged"`
	Lost         int `json:"lost"`
	Undelivered  int `json:"undelivered"`
	Duplicated   int `json:"duplicated"`
	Reordered    int `json:"reordered"`
	Unexpected   int `json:"unexpected"`
	Recovered    int `json:"recovered"`
}
