package check

import (
	"cmp"
	"slices"
)

// knowledge is what each node knew of the operations of all, and since when.
// What a node knows, it knows for ever: over a restart as well, as its client
// is the same person.
type knowledge struct {
	lessons map[*operation][]lesson // where it became known
	past    map[*operation]int      // how many operations its node knew when it invoked it
}

// lesson is a node's learning of an operation.
type lesson struct {
	node string
	rank int    // how many it knew before
	how  string // "acknowledged" or "seen"
}

// knowledge follows what the nodes learn: of their own operations by the
// acknowledgement, of those of others by what they were shown.
func (r *Run) knowledge() *knowledge {
	k := &knowledge{lessons: map[*operation][]lesson{}, past: map[*operation]int{}}
	size := map[string]int{}
	type fact struct {
		node string
		op   *operation
	}
	known := map[fact]bool{}
	learn := func(node string, op *operation, how string) {
		if f := (fact{node, op}); !known[f] {
			known[f] = true
			k.lessons[op] = append(k.lessons[op], lesson{node, size[node], how})
			size[node]++
		}
	}
	acks := r.acks()
	names := r.names()
	for i := range r.ops {
		op := &r.ops[i]
		for len(acks) > 0 && acks[0].completed < op.invoked {
			learn(acks[0].invoke.Node, acks[0], "acknowledged")
			acks = acks[1:]
		}
		for _, name := range op.saw {
			if seen := names[name]; seen != nil && seen.invoked < op.invoked {
				learn(op.invoke.Node, seen, "seen")
			}
		}
		k.past[op] = size[op.invoke.Node]
	}
	return k
}

// wiser keeps for each node the operation that was invoked knowing most.
func (k *knowledge) wiser(wisest map[string]*operation, op *operation) {
	if best := wisest[op.invoke.Node]; best == nil || k.past[best] < k.past[op] {
		wisest[op.invoke.Node] = op
	}
}

// acks are the acknowledged operations in the order of their acknowledgements.
func (r *Run) acks() []*operation {
	var acks []*operation
	for i := range r.ops {
		if op := &r.ops[i]; op.acknowledged() {
			acks = append(acks, op)
		}
	}
	slices.SortFunc(acks, func(a, b *operation) int { return cmp.Compare(a.completed, b.completed) })
	return acks
}

// names finds operations by what they are called. A name that two of them go
// by tells nothing, and finds nil: nobody is blamed for having seen the other.
func (r *Run) names() map[string]*operation {
	names := map[string]*operation{}
	for i := range r.ops {
		op := &r.ops[i]
		if _, taken := names[op.name()]; taken {
			op = nil
		}
		names[r.ops[i].name()] = op
	}
	return names
}
