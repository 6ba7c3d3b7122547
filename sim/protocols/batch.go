package protocols

import (
	"fmt"

	"faultlab/sim/world"
)

// batches cuts a run into what is one sample each: so many calls of the client,
// one after another, but for the first ones. What does not fill a batch at the
// end is left out.
//
// A run gives more than one, since it takes many: of n samples of one
// distribution, the median lies outside the middle half of n others with a
// probability of about 2Φ(-0.37·√n). With seven that is one figure in three,
// though nothing has changed; with sixty it is one in two hundred.
func (m Measure) batches(r world.Result, cold int) ([]world.Result, error) {
	if m.Batch == 0 {
		return []world.Result{r}, nil
	}
	n := (len(calls(r)) - cold) / m.Batch
	if n < 1 {
		return nil, fmt.Errorf("its client made %d calls, which are too few for a sample of %d after the first %d", len(calls(r)), m.Batch, cold)
	}
	all := make([]world.Result, n)
	for i := range all {
		all[i] = r
		all[i].Events = nil
	}
	for _, e := range r.Events {
		// The calls are numbered from 1.
		after := int(e.Seq) - 1 - cold
		if i := after / m.Batch; e.Node == "client" && e.Source != "" && after >= 0 && i < n {
			all[i].Events = append(all[i].Events, e)
		}
	}
	return all, nil
}

// inBatches lets measures take their samples from so many calls each.
func inBatches(measures []Measure, calls ...int) []Measure {
	for i := range measures {
		measures[i].Batch = calls[i]
	}
	return measures
}
