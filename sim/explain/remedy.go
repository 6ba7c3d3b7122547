package explain

import (
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// Remedy says what the nodes of this run, of a variant that holds what another
// violated, did at the point where the story of the other failed: the rule that
// they applied to the same message, at the same node if it did, and to the
// opposite effect. Where none did, or it was no rule that failed, summary stands
// for it: what a power cut took no rule about the message brings back.
func (c *Case) Remedy(failed Story, summary string) string {
	ruled := failed.node != "" || failed.Property == "no-duplicates"
	if !ruled || !slices.Contains([]string{"no-duplicates", "no-loss", "delivered"}, failed.Property) {
		return summary
	}
	m := failed.Message
	if m.Seq == 0 {
		if n, ok := c.origin(m); ok {
			m = check.Message{Source: n.source, Seq: n.seq}
		}
	}
	best := None
	for _, place := range c.Thread(m) {
		e := c.Events[place]
		if e.Kind != history.Decide || c.lets(place) != missed(failed.Property) {
			continue
		}
		if e.Link != "" {
			continue // a client's rule about its streams, as to open one, keeps no copy out
		}
		if failed.node == "" || e.Node == failed.node {
			best = place
		}
	}
	if best == None {
		return summary
	}
	e := c.Events[best]
	return e.Node + " decided “" + c.Plain(e) + "”"
}
