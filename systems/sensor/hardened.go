package sensor

import (
	"context"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// hardened keeps every reading exactly once in the log, whatever breaks. What
// does it, one file each:
//
//	record.go     a reading with its number and a checksum: what a line is, is no guess
//	spool.go      the sensor's side: synced before ok, one writer a file
//	forwarder.go  at-least-once: send again until the ACK is for this record
//	ledger.go     the collector's log is its table of what it has: accept only
//	              the next record, sync it, then acknowledge
func hardened() lab.Variant {
	return lab.Variant{
		Name:    "hardened",
		Summary: "Numbered records, synced before they are acknowledged; the collector takes only the next one.",
		Promises: []string{
			"delivered", "no-loss", "no-duplicates", "fifo", "integrity", "no-phantoms", "live", "isolated",
		},
		OK:    map[string]string{"reading": "the record is synced in the sensor's spool"},
		Bound: func(lab.Params) time.Duration { return 2 * patience },
		Roles: map[string]func(context.Context, lab.Env) error{
			"sensor":    hardenedSensor,
			"forwarder": hardenedForwarder,
			"collector": hardenedCollector,
		},
		ReadBack: func(_ context.Context, o lab.Observer) ([]history.Event, error) {
			return readLogs(o, func(line string) history.Event {
				r, err := parseRecord(line)
				if err != nil {
					return history.Event{Value: line}
				}
				return history.Event{Source: sourceAt(o.Params(), r.host), Seq: r.seq, ID: r.id(), Value: r.line}
			})
		},
		Settled: func(o lab.Observer) (bool, error) {
			for _, n := range nodes(o.Params()) {
				if n.Role != "sensor" {
					continue
				}
				if ok, err := forwarded(o.Disk(n.Host), nameAt(o.Params(), n.Host)); !ok || err != nil {
					return false, err
				}
			}
			return true, nil
		},
	}
}

const (
	// patience is how long a reading may take to its spool before the sensor
	// says info: a disk may be full for longer than anybody wants to wait.
	patience = 2 * time.Second
	// rest is how long a node waits before it tries again what failed.
	rest = 20 * time.Millisecond
)

// hardenedSensor takes a reading a period. A reading that its disk does not
// take is kept in memory and tried again; the next ones queue behind it. Asked
// to end, it does so once nothing is in memory only.
func hardenedSensor(ctx context.Context, env lab.Env) error {
	p := env.Params()
	queue := make(chan waiting, p.Int("readings")+1)
	written := make(chan struct{}) // closed when nothing is written any more
	go func() {
		defer close(written)
		spoolAll(context.WithoutCancel(ctx), env, queue)
	}()
	err := lab.Workload(ctx, env, int64(p.Int("readings")), p.Duration("every"), func(seq int64) {
		line, _ := reading(env)
		op := history.Event{Op: "reading", Source: sourceAt(p, env.Node().Host), Seq: seq, Value: line}
		op.Kind = history.Invoke
		env.Record(op)
		w := waiting{seq: seq, line: line, stored: make(chan struct{})}
		queue <- w
		op.Kind, op.Value = history.OK, ""
		if !w.await(written) {
			op.Kind, op.Detail = history.Info, "not on disk yet; it is tried again"
		}
		env.Record(op)
	})
	close(queue)
	<-written
	return err
}

// waiting is a reading on its way to the spool.
type waiting struct {
	seq    int64
	line   string
	stored chan struct{} // closed when it is synced
}

// await waits until the reading is synced, for as long as patience lasts.
func (w waiting) await(written <-chan struct{}) bool {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-w.stored:
		return true
	case <-late.C:
	case <-written:
	}
	return false
}

// spoolAll writes what is queued until the queue is closed.
func spoolAll(ctx context.Context, env lab.Env, queue <-chan waiting) {
	host := env.Node().Host
	s, err := openSpool(ctx, env.Disk(), host, nameAt(env.Params(), host))
	if err != nil {
		return
	}
	for w := range queue {
		if s.append(ctx, w.seq, w.line) != nil {
			return
		}
		env.Record(history.Event{
			Kind: history.Store, Op: "reading", Source: sourceAt(env.Params(), host), Seq: w.seq,
			ID: record{host: host, epoch: s.epoch, seq: w.seq}.id(),
		})
		close(w.stored)
	}
}
