package check

import (
	"fmt"
	"math"
	"slices"

	"faultlab/sim/history"
)

// Run is a history prepared for checking: the operations, and the lab's log
// with every entry matched to its operation where it has one.
//
//	history ── invoke, ok, fail, info ── operations (A, E) ─┐
//	        └─ final ── log (L) ──── match ─────────────────┴─ checkers
type Run struct {
	Facts  Facts
	Events []history.Event

	ops    []operation // A, in the order of their invokes
	log    []entry     // L, in its order
	logs   []sublog    // its parts, in the order in which they begin in L
	joins  []join      // where the owners of logs began to listen
	healed int         // where the last heal stands in Events; none: never
	end    int64       // when the last event happened
}

// none is a place in the history or the log that does not exist. It lies
// behind all others.
const none = math.MaxInt

// operation is one invoke and what came of it.
type operation struct {
	invoke     *history.Event
	completion *history.Event // nil: it never completed
	invoked    int            // where its invoke stands in the history
	completed  int            // where its completion stands; none: nowhere
	clauses                   // what its invoke says besides
	standings  []standing     // its entries, one standing for each log that has any
	silent     bool           // it leaves no entry of its own
	released   bool           // a delete may have taken its entry away again, or it was owed to nobody
}

// caller tells operations apart when they complete. The node belongs to it:
// two sensors may have been given one name, and then number alike.
type caller struct {
	node, source string
	seq          int64
}

// New prepares a history, which must be in its order (history.Sort,
// history.Read). Events is read, never changed.
//
// Every invoke is an operation of its own. A completion belongs to the last
// invoke of that node, source and number; it counts once, and one that nobody
// invoked counts for nothing.
func New(events []history.Event, facts Facts) *Run {
	r := &Run{Facts: facts, Events: events, healed: none}
	open := map[caller]int{}
	for i := range events {
		e := &events[i]
		who := caller{e.Node, e.Source, e.Seq}
		switch e.Kind {
		case history.Invoke:
			open[who] = len(r.ops)
			r.ops = append(r.ops, operation{
				invoke: e, invoked: i, completed: none, clauses: clausesOf(e.Detail),
				silent: e.Op == opDelete || slices.Contains(facts.Reads, e.Op),
			})
		case history.OK, history.Fail, history.Info:
			if op, ok := open[who]; ok {
				r.ops[op].completion, r.ops[op].completed = e, i
				delete(open, who)
			}
		case history.Final:
			if e.Op == opJoin {
				r.admit(e)
			} else {
				r.enter(e)
			}
		case history.Heal:
			if e.Op == history.HealAll {
				r.healed = i
			}
		}
		r.end = max(r.end, e.T)
	}
	r.address()
	r.match()
	r.release()
	return r
}

// The operations whose names mean something to checkers.
const (
	opCreate = "create"
	opRead   = "read"
	opWrite  = "write"
	opDelete = "delete"
)

// outcome is the kind of the completion, or empty where there is none.
func (o *operation) outcome() history.Kind {
	if o.completion == nil {
		return ""
	}
	return o.completion.Kind
}

// acknowledged: it is in E.
func (o *operation) acknowledged() bool { return o.outcome() == history.OK }

// id is the identifier that the lab knows the operation by: the server's, from
// the completion, or else the client's own.
func (o *operation) id() string {
	if o.completion != nil && o.completion.ID != "" {
		return o.completion.ID
	}
	return o.invoke.ID
}

// probe: it was invoked after the last heal.
func (r *Run) probe(o *operation) bool { return o.invoked > r.healed }

// name is how scripts and sentences call the operation.
func (o *operation) name() string { return fmt.Sprintf("%s/%d", o.invoke.Source, o.invoke.Seq) }

func (o *operation) message() Message {
	return Message{Source: o.invoke.Source, Seq: o.invoke.Seq, Value: o.invoke.Value}
}
