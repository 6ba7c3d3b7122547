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
	_, err = fmt.Sscanf(string(text), "%d %d", &at.epoch, &at.offset)
	// A crash can leave the beginning of it: of "2 345\n" the "2 34". That points
	// into the middle of a record, and what follows there would pass for the
	// torn end of a segment. Only a whole cursor has the end of its line.
	if err != nil || at.String() != string(text) {
		return cursor{}, fmt.Errorf("%s holds %q, which is no cursor", cursorFile(name), text)
	}
	return at, nil
}

// String is the cursor's text, with the end of its line.
func (at cursor) String() string { return fmt.Sprintf("%d %d\n", at.epoch, at.offset) }

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
		if err := lab.Rest(ctx, wait); err != nil {
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

// saveCursor writes down how far the collector has acknowledged. A crash may
// tear it or take it away: then what is left of the spool is sent again, and the
// collector knows it. So it needs neither a sync nor a second file.
func (f *forwarder) saveCursor() error {
	if f.saved == f.at {
		return nil
	}
	f.env.Record(history.Event{
		Kind: history.Decide, Op: "advance", Detail: fmt.Sprintf("acknowledged up to %d bytes of epoch %d → keep what follows", f.at.offset, f.at.epoch),
	})
	disk, file := f.env.Disk(), cursorFile(f.name)
	if err := disk.Truncate(file, 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := disk.Append(file, []byte(f.at.String())); err != nil {
		return err
	}
	f.saved = f.at
	return nil
}

// removeSealed deletes what is acknowledged, but never the newest segment: it
// holds the number of the last epoch. Nor anything while that one is empty: it
// is durable only since it took its first record, and a power cut that keeps
// the removals and forgets the creation would give its epoch out again.
func (f *forwarder) removeSealed(epochs []int) error {
	if len(epochs) < 2 || f.at.offset == 0 {
		return nil
	}
	for _, epoch := range epochs[:len(epochs)-1] {
		if err := f.env.Disk().Remove(segmentFile(f.name, epoch)); err != nil {
			return err
		}
	}
	return nil
}
