package tcpecho

import (
	"context"
	"time"

	"faultlab/sim/lab"
)

// workload runs a client's part. It hands over as many texts as a burst has; the
// last ones, and the probe, do not wait for more.
func workload(ctx context.Context, env lab.Env, send func([]text)) error {
	p := env.Params()
	n, burst := int64(p.Int("messages")), int64(p.Int("burst"))
	var gathered []text
	err := lab.Workload(ctx, env, n, p.Duration("every"), func(seq int64) {
		t := said(p, env.Node().Name, seq)
		env.Record(t.invoke())
		gathered = append(gathered, t)
		if seq%burst == 0 || seq >= n {
			send(gathered)
			gathered = nil
		}
	})
	if len(gathered) > 0 { // it was asked to end in the middle of a burst
		send(gathered)
	}
	return err
}

// ahead is the moment that lies so far ahead, on the clock that nobody sets.
func ahead(d time.Duration) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	at, _ := ctx.Deadline()
	return at
}
