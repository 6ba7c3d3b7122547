package check

import "fmt"

// Causal names the property.
const Causal = "causal"

// causal holds when no log has y before x, where x was ok at the node that
// invoked y before it did so, or its client had been shown x by then. First
// occurrences count, as they do for fifo: a copy of x that comes late, in
// x y x, leaves nobody with an answer to what they have not read.
//
// The direct relation counts. Where y answers x and z answers y, a log of z x
// is in order if z's client never saw x.
//
// The message is the x, which is late.
func causal() Checker {
	return Checker{
		Property: Causal,
		Doc:      "No log has a message before one that its client had been shown, or had acknowledged, when it sent it.",
		Judge: func(r *Run) Verdict {
			var known int // entries that the client of another in the same log knew of
			var late findings
			k := r.knowledge()
			found := map[*operation]bool{} // to be late; in two logs it is late once
			for _, log := range r.logs {
				var first []*operation // what stands in the log, without the copies
				for _, place := range log.places {
					if r.opens(place) {
						first = append(first, r.log[place].op)
					}
				}
				known += k.known(first)
				k.inversions(first, func(x, y *operation, l lesson) {
					if !found[x] {
						found[x] = true
						late.add(x.name(), x.message(), fmt.Sprintf("stands behind %s in %s, and was %s at %s before that was invoked",
							y.name(), theLog(log.name), l.how, l.node))
					}
				})
			}
			switch {
			case known == 0:
				return idle("no log has two messages of which one was known where the other was invoked")
			case late.count > 0:
				return late.violated("messages stand behind others that were sent in knowledge of them")
			}
			return holds("each of %s stands before those that were sent in knowledge of it", counted(known, "entry", "entries"))
		},
	}
}

// inversions finds each x of a log that stands behind a y whose client knew it.
// Of a node only the one that knew most of those so far can be that y: what a
// node knows only grows, hence no pairs need be tried.
func (k *knowledge) inversions(log []*operation, found func(x, y *operation, l lesson)) {
	wisest := map[string]*operation{}
	for _, x := range log {
		for _, l := range k.lessons[x] {
			if y := wisest[l.node]; y != nil && l.rank < k.past[y] {
				found(x, y, l)
			}
		}
		k.wiser(wisest, x)
	}
}

// known counts the x of a log that the client of another one in it knew.
func (k *knowledge) known(log []*operation) int {
	wisest := map[string]*operation{}
	for _, y := range log {
		k.wiser(wisest, y)
	}
	n := 0
	for _, x := range log {
		for _, l := range k.lessons[x] {
			if y := wisest[l.node]; y != nil && l.rank < k.past[y] {
				n++
				break
			}
		}
	}
	return n
}
