// Package history is the record of one run: what every node did, in order, one
// event a line of JSON. It is the only thing that checkers and reports read.
//
//	lab code → Record → history.jsonl → checkers → verdict
//	                                  → reports  → page
//
// The vocabulary of client operations is Jepsen's: an operation is invoked
// once and completes as ok (it happened), fail (it certainly did not) or info
// (unknown: a timeout, a reset). A timeout is never a fail.
package history

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Kind says what sort of thing happened.
type Kind string

// The kinds of events. Invoke, OK, Fail and Info are client operations; Send
// and Recv are messages; Final is an entry of the lab's own log, read back
// after the settle.
const (
	Invoke Kind = "invoke"
	OK     Kind = "ok"
	Fail   Kind = "fail"
	Info   Kind = "info"

	Send   Kind = "send"   // recorded before the bytes leave
	Recv   Kind = "recv"   // recorded before the message is handled
	Accept Kind = "accept" // a connection was accepted
	Decide Kind = "decide" // a rule was applied, Detail holds its operands
	Store  Kind = "store"  // recorded after the effect; the node's own claim
	Final  Kind = "final"  // an entry of the lab's log, in log order

	Start  Kind = "start"
	Kill   Kind = "kill"
	Stop   Kind = "stop"
	Exit   Kind = "exit"
	Pause  Kind = "pause"
	Resume Kind = "resume"
	Fault  Kind = "fault" // a fault came into force
	Heal   Kind = "heal"  // a fault ended; Op "all" marks the last heal of a run
	Print  Kind = "print" // a console line
)

// Kinds lists every kind, in the order of their declaration.
var Kinds = []Kind{
	Invoke, OK, Fail, Info, Send, Recv, Accept, Decide, Store, Final,
	Start, Kill, Stop, Exit, Pause, Resume, Fault, Heal, Print,
}

// HealAll is the Op of the Heal event that ends the last fault of a run. What
// is invoked after it is a probe: it must succeed.
const HealAll = "all"

// Event is one line of a history. Only T and Kind are always present.
type Event struct {
	T      int64  `json:"t"`                // nanoseconds since the start of the run
	Node   string `json:"node,omitempty"`   // who recorded it, or whose log a Final is of; empty for the world itself
	Kind   Kind   `json:"kind"`             // what sort of event
	Op     string `json:"op,omitempty"`     // the operation's or fault's name
	Source string `json:"source,omitempty"` // the workload's own name of who speaks
	Seq    int64  `json:"seq,omitempty"`    // the workload's own numbering, from 1
	ID     string `json:"id,omitempty"`     // the identifier that the lab gave it
	Value  string `json:"value,omitempty"`  // the payload, as UTF-8 text
	Link   string `json:"link,omitempty"`   // "from->to"
	Msg    string `json:"msg,omitempty"`    // pairs a Send with its Recv
	Detail string `json:"detail,omitempty"` // operands, reasons, errors
}

// Clean puts U+FFFD in the place of every byte that is no UTF-8, as saving the
// event does: else two log entries that differ in such a byte would be judged
// as two in the run, and as one whenever its history is read again.
func (e *Event) Clean() {
	for _, text := range []*string{&e.Op, &e.Source, &e.ID, &e.Value, &e.Link, &e.Msg, &e.Detail} {
		if !utf8.ValidString(*text) {
			*text = string([]rune(*text))
		}
	}
}

// Compare orders two events by time, then node, then id. It leaves the order
// of everything else as recorded: sorting by kind, say, would put the next
// invoke before the last ok.
func Compare(a, b Event) int {
	return cmp.Or(cmp.Compare(a.T, b.T), cmp.Compare(a.Node, b.Node), cmp.Compare(a.ID, b.ID))
}

// Sort brings events into the order of Compare, in place. Events that compare
// equal keep their order.
func Sort(events []Event) { slices.SortStableFunc(events, Compare) }
