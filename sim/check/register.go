package check

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// access is one use of a key: by an operation, or by reading L at the end.
type access struct {
	op    *operation // nil: L was read
	kind  string     // read, write, create or delete
	key   string
	value string // what it stored, or what a read saw; "" for absent
	// certain says that it was acknowledged. What is not may take effect at any
	// later time, or never.
	certain bool
}

// register is what a key holds. What a key held before the run is not known
// to its history: the first access finds out.
type register struct {
	known bool
	value string // "" for absent
}

// step is what an access makes of a register; ok is false where it cannot
// have happened then.
//
// What is not certain is always possible. That it never happened needs no case
// of its own: it lasts until the end, and behind all others it changes nothing
// that anybody sees.
func (r register) step(a *access) (next register, ok bool) {
	switch a.kind {
	case opRead:
		return register{true, a.value}, !r.known || r.value == a.value
	case opCreate:
		if r.known && r.value != "" { // a new thing gets a key that is free
			return r, !a.certain
		}
	}
	return register{true, a.value}, true
}

// registers is the model of a set of keys, each a register of its own.
var registers = porcupine.Model{
	Init: func() any { return register{} },
	Step: func(state, input, _ any) (bool, any) {
		next, ok := state.(register).step(input.(*access))
		return ok, next
	},
	Partition: byKey,
	DescribeOperation: func(input, _ any) string {
		a := input.(*access)
		if !a.certain {
			return a.name() + " may have " + a.did()
		}
		return a.name() + " " + a.did()
	},
	DescribeState: func(state any) string {
		switch r := state.(register); {
		case !r.known:
			return "not known"
		case r.value == "":
			return "absent"
		default:
			return quoted(r.value)
		}
	},
}

// byKey parts accesses by their key, in the order in which the keys come.
func byKey(all []porcupine.Operation) [][]porcupine.Operation {
	var parts [][]porcupine.Operation
	places := map[string]int{}
	for _, o := range all {
		key := o.Input.(*access).key
		i, known := places[key]
		if !known {
			i = len(parts)
			places[key] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], o)
	}
	return parts
}

func (a *access) name() string {
	if a.op == nil {
		return "the log"
	}
	return a.op.name()
}

func (a *access) message() Message {
	if a.op == nil {
		return Message{Value: a.value}
	}
	return a.op.message()
}

// did says what the access did, for a sentence that begins with its name.
func (a *access) did() string {
	what := quoted(a.value)
	if a.value == "" {
		what = "nothing"
	}
	switch a.kind {
	case opRead:
		if a.op == nil {
			return fmt.Sprintf("has %s at %s", what, quoted(a.key))
		}
		return fmt.Sprintf("read %s at %s", what, quoted(a.key))
	case opDelete:
		return "deleted " + quoted(a.key)
	case opCreate:
		return fmt.Sprintf("created %s at %s", what, quoted(a.key))
	}
	return fmt.Sprintf("wrote %s at %s", what, quoted(a.key))
}
