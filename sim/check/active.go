package check

import "faultlab/sim/history"

// active is one use of a fault and when it was in force.
type active struct {
	op, node, link string
	span
}

// faults gathers the faults of a run. A fault that was never healed ends with
// the last heal.
func (r *Run) faults() []active {
	type use struct{ op, id string }
	var all []active
	open := map[use][]int{}
	end := func(places []int, t int64) {
		for _, i := range places {
			all[i].to = t
		}
	}
	for _, e := range r.Events {
		switch u := (use{e.Op, e.ID}); {
		case e.Kind == history.Fault:
			open[u] = append(open[u], len(all))
			all = append(all, active{e.Op, e.Node, e.Link, span{e.T, forever}})
		case e.Kind == history.Heal && e.Op == history.HealAll:
			for _, places := range open {
				end(places, e.T)
			}
			clear(open)
		case e.Kind == history.Heal:
			end(open[u], e.T)
			delete(open, u)
		}
	}
	return all
}

// anywhere tells when any fault was in force.
func anywhere(faults []active, absence map[string]spans) spans {
	var all []span
	for _, f := range faults {
		all = append(all, f.span)
	}
	for _, away := range absence {
		all = append(all, away.apart...)
	}
	return merged(all)
}
