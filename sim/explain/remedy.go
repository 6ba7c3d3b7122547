package explain

import (
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Remedy says what the nodes of this run, of a variant that holds what another
// violated, did at the point where the story of the other failed: the rule that
// they applied to the same message, at the same node if it did, and to the
// opposite effect. Where none did, summary stands for it.
func (c *Case) Remedy(failed Story, summary string) string {
	m := failed.Message
	if m.Seq == 0 {
		if n, ok := c.origin(m); ok {
			m = check.Message{Source: n.source, Seq: n.seq}
		}
	}
	best, most := None, 0
	for _, place := range c.Thread(m) {
		e := c.Events[place]
		if e.Kind != history.Decide || lets(e) != missed(failed.Property) {
			continue
		}
		score := 1
		if failed.node != "" && e.Node == failed.node {
			score = 2
		}
		if score > most {
			best, most = place, score
		}
	}
	if best == None || slices.Contains([]string{"live", "isolated", "linearizable"}, failed.Property) {
		return summary
	}
	e := c.Events[best]
	return e.Node + " decided “" + c.Plain(e) + "”"
}
