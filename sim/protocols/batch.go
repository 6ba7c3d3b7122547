package protocols

import (
	"fmt"

	"faultlab/sim/world"
)

// batches cuts a run into what is one sample each: so many calls of the client,
// one after another. What does not fill a batch at the end is left out.
//
// A run gives more than one, since it takes many: of n samples of one
// distribution, the median lies outside the middle half of n others with a
// probability of about 2Φ(-0.37·√n). With seven that is one figure in three,
// though nothing has changed; with sixty it is one in two hundred.
func (p Probe) batches(r world.Result) ([]world.Result, error) {
	if p.Batch == 0 {
		return []world.Result{r}, nil
	}
	n := (len(calls(r)) - p.Cold) / p.Batch
	if n < 1 {
		return nil, fmt.Errorf("its client made %d calls, which are too few for a sample of %d after the first %d", len(calls(r)), p.Batch, p.Cold)
	}
	all := make([]world.Result, n)
	for i := range all {
		all[i] = r
		all[i].Events = nil
	}
	for _, e := range r.Events {
		// The calls are numbered from 1.
		after := int(e.Seq) - 1 - p.Cold
		if i := after / p.Batch; e.Node == "client" && e.Source != "" && after >= 0 && i < n {
			all[i].Events = append(all[i].Events, e)
		}
	}
	return all, nil
}
