package check

import "slices"

// All lists the checkers, one a property, in the order of the vocabulary page.
func All() []Checker {
	all := []Checker{
		noLoss(),
		delivered(),
		noDuplicates(),
		fifo(),
		causal(),
		noPhantoms(),
		integrity(),
		failHonest(),
		replyMatch(),
		linearizable(),
		atomic(),
		agreement(),
		live(),
		isolated(),
		idUnique(),
	}
	for i, c := range all {
		all[i].Judge = func(r *Run) Verdict {
			v := unknown("the workload sent nothing")
			if len(r.ops) > 0 {
				v = c.Judge(r)
			}
			v.Property = c.Property
			return v
		}
	}
	return all
}

// Lookup finds the checker of a property.
func Lookup(property string) (Checker, bool) {
	all := All()
	i := slices.IndexFunc(all, func(c Checker) bool { return c.Property == property })
	if i < 0 {
		return Checker{}, false
	}
	return all[i], true
}
