package multicast

import (
	"context"
	"time"

	"faultlab/sim/history"
)

// beat tells all members, over and over, which message is the last. Without it
// who lost that one would never know: no later one comes that shows the gap. The
// first beat comes before the first message, and is where a receiver joins.
func (k *speaker) beat(ctx context.Context) {
	tick := time.NewTicker(k.env.Params().Duration("heartbeat"))
	defer tick.Stop()
	for {
		f := k.said.begin
		f.seq = k.said.last.Load()
		for _, m := range k.members {
			e := f.event()
			e.Kind, e.Link, e.Msg = history.Send, linkTo(m.name), msg(e.ID, m.name)
			k.send(m, f, e)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		// Where both are ready the select chose by lot.
		if ctx.Err() != nil {
			return
		}
	}
}
