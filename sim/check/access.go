package check

import (
	"slices"

	"github.com/anishathalye/porcupine"

	"faultlab/sim/history"
)

// accesses gathers what touches keys: the operations in the order of their
// invokes, then L, then the creates of unknown keys.
func (r *Run) accesses() []porcupine.Operation {
	var all []porcupine.Operation
	clients := map[string]int{}
	add := func(a access, call, end int64) {
		client := "" // who read L
		if a.op != nil {
			client = a.op.invoke.Node
		}
		id, known := clients[client]
		if !known {
			id = len(clients)
			clients[client] = id
		}
		all = append(all, porcupine.Operation{ClientId: id, Input: &a, Call: call, Return: end})
	}
	var nameless []*operation
	for i := range r.ops {
		op := &r.ops[i]
		a, ok := op.access()
		switch {
		case !ok:
		case a.key == "" && a.kind == opCreate:
			nameless = append(nameless, op)
		case a.key == "":
		case a.certain:
			add(a, op.invoke.T, op.completion.T)
		default:
			add(a, op.invoke.T, r.end+1)
		}
	}
	for _, a := range r.lastReads(byKey(all)) {
		add(a, r.Events[r.healed].T, r.log[len(r.log)-1].T)
	}
	seen := map[string]map[string]bool{} // the keys at which a value was read, once each
	var sightings []access
	for _, o := range all {
		a := o.Input.(*access)
		if a.kind != opRead || a.value == "" || seen[a.value][a.key] {
			continue
		}
		if seen[a.value] == nil {
			seen[a.value] = map[string]bool{}
		}
		seen[a.value][a.key] = true
		sightings = append(sightings, *a)
	}
	for _, op := range nameless {
		for _, a := range sightings {
			if a.value == op.invoke.Value {
				add(access{op: op, kind: opCreate, key: a.key, value: a.value}, op.invoke.T, r.end+1)
			}
		}
	}
	// A write of unknown outcome whose value nobody ever read might as well not
	// have happened: a legal order with it is legal without it, as no read lies
	// between it and the next change. Left in, each doubles the orders to search,
	// and a minute of timeouts makes dozens.
	return slices.DeleteFunc(all, func(o porcupine.Operation) bool {
		a := o.Input.(*access)
		return a.kind == opWrite && a.value != "" && !a.certain && !seen[a.value][a.key]
	})
}

// access is what an operation does to a key; ok is false where it does nothing
// to any. The key is empty where it is not known.
func (o *operation) access() (a access, ok bool) {
	a = access{op: o, kind: o.invoke.Op, key: o.invoke.ID, value: o.invoke.Value, certain: o.acknowledged()}
	switch a.kind {
	case opCreate:
		a.key = "" // its own key for the request is none that a read knows
		if a.certain {
			a.key = o.completion.ID
		}
	case opRead:
		if !a.certain {
			return a, false // it saw nothing
		}
		a.value = o.completion.Value
		if o.completion.Detail == "absent" {
			a.value = ""
		}
	case opDelete:
		a.value = ""
	case opWrite:
	default:
		return a, false
	}
	return a, o.outcome() != history.Fail
}

// lastReads is what L tells of each key.
func (r *Run) lastReads(keys [][]porcupine.Operation) []access {
	if len(r.log) == 0 || r.healed == none || r.log[len(r.log)-1].T < r.Events[r.healed].T {
		return nil
	}
	entries := map[string][]string{}
	for _, e := range r.log {
		if e.ID == "" {
			return nil
		}
		entries[e.ID] = append(entries[e.ID], e.Value)
	}
	var reads []access
	for _, key := range keys {
		name := key[0].Input.(*access).key
		values := entries[name]
		if len(values) == 0 {
			values = []string{""}
		}
		for _, value := range values {
			reads = append(reads, access{kind: opRead, key: name, value: value, certain: true})
		}
	}
	return reads
}
