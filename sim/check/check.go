// Package check judges a history: one file a property, each a Checker.
//
// A verdict is holds, violated or unknown. A check that saw nothing says
// unknown: vacuous runs never pass. The definitions are those of the
// vocabulary page; each checker repeats its own above its code.
//
// What a lab's client records of an operation:
//
//	invoke  op, source, seq    always
//	        id                 the client's own key for it, or what it is about:
//	                           the key of a read, write or delete
//	        value              what is to be stored, or the request
//	        detail             clauses, with "; " between them:
//	          to A,B           the logs in which its entry belongs
//	          batch ID         it is an item of this batch of its source
//	          saw S/N,S/N      operations whose entries its client was shown
//	                           before it invoked this one, each told once
//	          want TEXT        TEXT is the one right answer; it comes last,
//	                           and all that follows is of it
//	ok      id                 the identifier that the server gave
//	        value              the answer that the client took; nothing, or
//	                           detail "absent": there is no such thing
//	final   id, value          as a read of that id would find it
//	        node               the name of the log that the entry stands in
//	        op join            no entry: the owner of the log began to listen at
//	                           this source and seq, and is owed nothing before
//
// A lab may keep several logs, as a chat in which everybody has one of their
// own: L is all of them together. Entries of two logs are never copies of one
// another. An operation without "to" belongs in any one log; an entry in a log
// that "to" does not name is no error, as a speaker's own line on its own
// screen. A lab that keeps one log leaves out both names.
//
// The names of four operations mean something everywhere. A create is given
// the key of what it makes; a read, a write and a delete are of the key that is
// their id. A delete leaves no entry in the log. All others leave one, a read
// as well, but for those that Facts.Reads names.
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
	// Owed says that the lab owes delivery: every invoked operation must end
	// up in the log, the probes among them.
	Owed bool
	// Reads are the operations that leave no entry of their own in the log.
	Reads []string
	// Waits says that fifo is promised only to a client that waits for each
	// acknowledgement before it goes on.
	Waits bool
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
	// Idle says that the outcome is unknown because the run had nothing that
	// this property is about, as fail-honest of a run in which nothing failed.
	Idle bool `json:"idle,omitempty"`
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
