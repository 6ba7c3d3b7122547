package sensor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// cursor is how far the spool has been acknowledged.
type cursor struct {
	epoch  int
	offset int64
}

func cursorFile(name string) string { return "client-" + name + ".acked" }

func readCursor(disk lab.Disk, name string) (cursor, error) {
	text, err := disk.Read(cursorFile(name))
	if err != nil {
		return cursor{}, err
	}
	var at cursor
	if _, err := fmt.Sscanf(string(text), "%d %d\n", &at.epoch, &at.offset); err != nil {
		return cursor{}, fmt.Errorf("read %s: %w", cursorFile(name), err)
	}
	return at, nil
}

// forwarder sends the spool on, record by record, each until it is
// acknowledged. It forgets nothing by dying: what it sends again, the
// collector knows.
type forwarder struct {
	env    lab.Env
	name   string
	client *http.Client
	at     cursor
	saved  cursor
	block  []byte // what is read at a time
}

func hardenedForwarder(ctx context.Context, env lab.Env) error {
	f := &forwarder{
		env: env, name: nameAt(env.Params(), env.Node().Host),
		client: web.Client(env, collector, true, env.Params().Duration("deadline")),
		block:  make([]byte, 16<<10),
	}
	// Without a cursor it begins at the oldest segment.
	if at, err := readCursor(env.Disk(), f.name); err == nil {
		f.at = at
	}
	for ctx.Err() == nil {
		wait := env.Params().Duration("poll")
		if err := f.forward(ctx); err != nil {
			env.Printf("Could not send file info to server: %v", err)
			wait = max(wait, rest)
		}
		if err := pauseFor(ctx, wait); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// forward sends what the spool holds beyond the cursor.
func (f *forwarder) forward(ctx context.Context) error {
	epochs, err := segments(f.env.Disk(), f.name)
	if err != nil {
		return err
	}
	for _, epoch := range epochs {
		if epoch < f.at.epoch {
			continue
		}
		if epoch > f.at.epoch {
			f.at = cursor{epoch: epoch}
		}
		if err := errors.Join(f.sendSegment(ctx), f.saveCursor()); err != nil {
			return err
		}
	}
	return f.removeSealed(epochs)
}

// sendSegment sends the whole records of the segment under the cursor. What
// follows them is on its way (in the newest segment), or the torn end of a
// sensor's life.
func (f *forwarder) sendSegment(ctx context.Context) error {
	for {
		n, err := f.env.Disk().ReadAt(segmentFile(f.name, f.at.epoch), f.block, f.at.offset)
		if err != nil && err != io.EOF {
			return err
		}
		rest := f.block[:n]
		for {
			line, after, whole := bytes.Cut(rest, []byte("\n"))
			r, err := parseRecord(string(line))
			if !whole || err != nil {
				break
			}
			if err := f.send(ctx, r); err != nil {
				return err
			}
			f.at.offset += int64(len(line)) + 1
			rest = after
		}
		if n < len(f.block) || len(rest) == n {
			return nil
		}
	}
}

// send posts a record. Only its own ACK counts: a 503 has a body too.
func (f *forwarder) send(ctx context.Context, r record) error {
	about := history.Event{Source: sourceAt(f.env.Params(), r.host), Seq: r.seq, ID: r.id(), Value: r.line}
	status, text, err := web.Exchange(ctx, f.env, f.client, collector, strings.NewReader(r.String()), about)
	if err != nil {
		return err
	}
	if text != "ACK "+r.id() {
		return fmt.Errorf("%s: %s", status, strings.TrimSpace(text))
	}
	f.env.Printf("%s", text)
	return nil
}

// saveCursor writes the cursor under another name first, so that nobody reads
// half of one. It needs no sync: an old cursor only sends again.
func (f *forwarder) saveCursor() error {
	if f.saved == f.at {
		return nil
	}
	f.env.Record(history.Event{
		Kind: history.Decide, Op: "advance", Detail: fmt.Sprintf("acknowledged up to %d bytes of epoch %d → keep what follows", f.at.offset, f.at.epoch),
	})
	disk, file := f.env.Disk(), cursorFile(f.name)
	if err := disk.Remove(file + ".new"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := disk.Append(file+".new", fmt.Appendf(nil, "%d %d\n", f.at.epoch, f.at.offset)); err != nil {
		return err
	}
	if err := disk.Rename(file+".new", file); err != nil {
		return err
	}
	f.saved = f.at
	return nil
}

// removeSealed deletes what is acknowledged, but never the newest segment: it
// holds the number of the last epoch. That one must be durable first, or a
// power cut could keep the removal and forget the creation.
func (f *forwarder) removeSealed(epochs []int) error {
	if len(epochs) < 2 {
		return nil
	}
	if err := f.env.Disk().SyncDir(); err != nil {
		return err
	}
	for _, epoch := range epochs[:len(epochs)-1] {
		if err := f.env.Disk().Remove(segmentFile(f.name, epoch)); err != nil {
			return err
		}
	}
	return nil
}
