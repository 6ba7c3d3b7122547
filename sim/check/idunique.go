package check

import "fmt"

// IDUnique names the property.
const IDUnique = "id-unique"

// idUnique holds when no identifier is given to two things: neither to two
// operations by their acknowledgements, nor to two entries of L that differ.
//
// An identifier that the client brought itself was not given to it: an
// idempotency key that comes back in the reply says nothing of the server.
// Entries that are equal are copies of one thing, for no-duplicates to tell.
func idUnique() Checker {
	return Checker{
		Property: IDUnique,
		Doc:      "No identifier is given to two things.",
		Judge: func(r *Run) Verdict {
			var reused findings
			owners := map[string]*operation{}
			for i := range r.ops {
				op := &r.ops[i]
				id := op.given()
				if id == "" {
					continue
				}
				first, taken := owners[id]
				switch {
				case !taken:
					owners[id] = op
				case op.caller() != first.caller():
					reused.add(op.name(), op.message(), fmt.Sprintf("was given the identifier %s, which %s has", quoted(id), first.name()))
				}
			}
			values := map[string]string{}
			for i, e := range r.log {
				if e.ID == "" {
					continue
				}
				first, taken := values[e.ID]
				switch {
				case !taken:
					values[e.ID] = e.Value
				case e.Value != first:
					reused.add(r.entry(i), Message{Source: e.Source, Value: e.Value},
						fmt.Sprintf("is %s and has the identifier %s, and so has %s", quoted(e.Value), quoted(e.ID), quoted(first)))
				}
			}
			switch {
			case len(owners) == 0 && len(values) == 0:
				return idle("nothing was given an identifier")
			case reused.count > 0:
				return reused.violated("things have an identifier that another has")
			}
			return holds("%s given and %d in the log, each for one thing",
				counted(len(owners), "identifier", "identifiers"), len(values))
		},
	}
}

// given is the identifier that the server gave an acknowledged operation that
// makes something, or empty.
func (o *operation) given() string {
	if o.silent || !o.acknowledged() || o.completion.ID == o.invoke.ID {
		return ""
	}
	return o.completion.ID
}

func (o *operation) caller() caller { return caller{o.invoke.Node, o.invoke.Source, o.invoke.Seq} }
