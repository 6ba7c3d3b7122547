package sensor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// desk is the hardened collector.
type desk struct {
	env     lab.Env
	lock    *lab.Mutex // guards what follows
	open    bool       // the logs have been recovered
	ledgers map[string]*ledger
}

// hardenedCollector listens at once and answers 503 until it has its logs
// again: with a broken disk that may take a while.
func hardenedCollector(ctx context.Context, env lab.Env) error {
	d := &desk{env: env, lock: lab.NewMutex(), ledgers: map[string]*ledger{}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go d.recover(ctx)
	env.Printf("Start server on port %d.", port)
	return web.Serve(ctx, env, port, &http.Server{
		Handler:     d,
		ReadTimeout: 2 * time.Second, // of a half-sent request
		IdleTimeout: time.Minute,
	})
}

func (d *desk) recover(ctx context.Context) {
	for {
		err := d.recoverAll()
		if err == nil || pauseFor(ctx, rest) != nil {
			return
		}
		d.env.Printf("cannot recover the logs yet: %v", err)
	}
}

func (d *desk) recoverAll() error {
	disk := d.env.Disk()
	files, err := disk.List()
	if err != nil {
		return err
	}
	ledgers := map[string]*ledger{}
	for _, file := range files {
		if !isServerFile(file) {
			continue
		}
		if ledgers[file], err = recoverLedger(disk, file); err != nil {
			return err
		}
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	d.ledgers, d.open = ledgers, true
	return nil
}

// ledger finds the log of a sensor name; nil before the recovery.
func (d *desk) ledger(name string) *ledger {
	d.lock.Lock()
	defer d.lock.Unlock()
	if !d.open {
		return nil
	}
	file := serverFile(name)
	if d.ledgers[file] == nil {
		d.ledgers[file] = newLedger(d.env.Disk(), file)
	}
	return d.ledgers[file]
}

// ServeHTTP takes one record. It answers 200 `ACK id` once the record is
// synced, also if it was before; anything else means that it was not stored.
func (d *desk) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 4<<10))
	if err != nil {
		http.Error(w, "the body is cut short or over 4 KiB", http.StatusBadRequest)
		return
	}
	r, err := parseRecord(string(text))
	if err == nil {
		err = lab.CheckName(serverFile(firstField(r.line)))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	about := history.Event{Op: "POST", Source: firstField(r.line), Seq: r.seq, ID: r.id(), Msg: web.Request(r.id())}
	d.record(about, history.Recv)
	l := d.ledger(firstField(r.line))
	if l == nil {
		http.Error(w, "the logs are being recovered; try again", http.StatusServiceUnavailable)
		return
	}
	if l.lock.LockContext(req.Context()) != nil {
		return // nobody waits for an answer
	}
	err = d.take(l, r, about)
	l.lock.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	about.Op, about.Msg = "ACK", web.Answer(r.id())
	d.record(about, history.Send)
	io.WriteString(w, "ACK "+r.id())
}

// take stores a record unless the ledger has it; the ledger's lock is held.
func (d *desk) take(l *ledger, r record, about history.Event) error {
	last := l.last[r.host]
	about.Op = "accept"
	switch {
	case last.has(r):
		about.Detail = fmt.Sprintf("%d.%d ≤ %d.%d → stored already", r.epoch, r.seq, last.epoch, last.seq)
		d.record(about, history.Decide)
		return nil
	case !last.accepts(r):
		about.Detail = fmt.Sprintf("%d.%d is not next after %d.%d → refuse", r.epoch, r.seq, last.epoch, last.seq)
		d.record(about, history.Decide)
		return fmt.Errorf("%s is not the next record", r.id())
	}
	about.Detail = fmt.Sprintf("%d.%d is next after %d.%d → store", r.epoch, r.seq, last.epoch, last.seq)
	d.record(about, history.Decide)
	if err := l.store(r); err != nil {
		return fmt.Errorf("cannot store %s: %w", r.id(), err)
	}
	about.Op, about.Value = "reading", r.line
	d.record(about, history.Store)
	return nil
}

func (d *desk) record(e history.Event, kind history.Kind) {
	e.Kind = kind
	d.env.Record(e)
}
