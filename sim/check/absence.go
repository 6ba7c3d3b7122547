package check

import "faultlab/sim/history"

// absence tells when each node was down or paused because a fault made it so.
// A node that ended by itself is not absent: otherwise a client that gives up
// at the first error would never be late.
func (r *Run) absence() map[string]spans {
	type state struct {
		down, paused bool // both: a pause that ends does not revive the dead
		since        int64
	}
	states := map[string]state{}
	away := map[string][]span{}
	for _, e := range r.Events {
		was := states[e.Node]
		is := was
		switch e.Kind {
		case history.Kill, history.Stop:
			is.down = true
		case history.Pause:
			is.paused = true
		case history.Resume:
			is.paused = false
		case history.Start:
			is.down, is.paused = false, false
		default:
			continue
		}
		switch here, gone := !was.down && !was.paused, is.down || is.paused; {
		case here && gone:
			is.since = e.T
		case !here && !gone:
			away[e.Node] = append(away[e.Node], span{was.since, e.T})
		}
		states[e.Node] = is
	}
	for node, s := range states {
		if s.down || s.paused {
			away[node] = append(away[node], span{s.since, forever})
		}
	}
	apart := make(map[string]spans, len(away))
	for node, all := range away {
		apart[node] = merged(all)
	}
	return apart
}
