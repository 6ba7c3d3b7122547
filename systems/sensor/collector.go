package sensor

import (
	"context"
	"errors"
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
	lock    *lab.Mutex         // guards what follows
	ledgers map[string]*ledger // by file; nil until they are recovered
}

// hardenedCollector listens at once and answers 503 until it has its logs
// again: with a broken disk that may take a while.
func hardenedCollector(ctx context.Context, env lab.Env) error {
	d := &desk{env: env, lock: lab.NewMutex()}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.recover(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
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
		if err == nil {
			return
		}
		d.env.Printf("cannot recover the logs yet: %v", err)
		if lab.Rest(ctx, rest) != nil {
			return
		}
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
	d.ledgers = ledgers
	return nil
}

// ledger finds the log of a sensor name; nil before the recovery.
func (d *desk) ledger(name string) *ledger {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.ledgers == nil {
		return nil
	}
	file := serverFile(name)
	if d.ledgers[file] == nil {
		d.ledgers[file] = newLedger(d.env.Disk(), file)
	}
	return d.ledgers[file]
}

// largestBody is more than any record takes, in bytes.
const largestBody = 4 << 10

// ServeHTTP takes one record. It answers 200 `ACK id` once the record is
// synced, also if it was before; anything else promises nothing, and the record
// must be sent again.
func (d *desk) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "records are taken by POST only", http.StatusMethodNotAllowed)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, req.Body, largestBody))
	if err != nil {
		http.Error(w, fmt.Sprintf("the body is cut short or over %d bytes", largestBody), http.StatusBadRequest)
		return
	}
	r, err := parseRecord(string(text))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	about := history.Event{Op: "POST", Source: r.name(), Seq: r.seq, ID: r.id(), Msg: web.Request(r.id())}
	d.record(about, history.Recv)
	if err := d.take(req.Context(), r, about); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	about.Op, about.Msg = "ACK", web.Answer(r.id())
	d.record(about, history.Send)
	io.WriteString(w, "ACK "+r.id())
}

// take stores a record unless its ledger has it.
func (d *desk) take(ctx context.Context, r record, about history.Event) error {
	l := d.ledger(r.name())
	if l == nil {
		return errors.New("the logs are being recovered; try again")
	}
	if err := l.lock.LockContext(ctx); err != nil {
		return fmt.Errorf("wait for %s: %w", l.file, err)
	}
	defer l.lock.Unlock()
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
