// Package journal is the durable log that labs keep what they promised in: a
// file of checksummed records, of which nothing that was acknowledged is ever
// lost, and nothing comes twice or in another order.
//
//	Append ─┐
//	Append ─┼─ owner ── append · sync ── the file
//	Append ─┘    └─ what comes during a sync shares the next one
package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
	"time"

	"faultlab/sim/lab"
)

// ErrUncertain is wrapped by the error of an Append whose record may be in the
// journal all the same, now or when it is opened again. To a client that is
// neither a success nor a failure.
var ErrUncertain = errors.New("it may be in the journal all the same")

var errClosed = errors.New("the journal ended with the context that opened it")

// again is how long an Open rests before it asks a disk again that failed.
const again = 20 * time.Millisecond

// Journal is an open journal. It ends with the context that it was opened with.
type Journal struct {
	name   string
	file   file
	synced atomic.Int64 // the size of the file, as far as it is whole and synced
	writes chan write
	ended  chan struct{} // closed when nothing is written any more
}

// write is a record on its way.
type write struct {
	framed []byte
	done   chan error // room for the answer: who waited for it may be gone
}

// Open recovers the journal in a file, which need not exist, and gives its
// records. They are durable: none of them will be missing another time. A torn
// tail is dropped. Open tries until the disk lets it or ctx ends; it fails at
// once only on a name that no file can have, and on a node that is dead.
//
// One journal at a time may be open on a file.
func Open(ctx context.Context, env lab.Env, name string) (*Journal, [][]byte, error) {
	if err := errors.Join(lab.CheckName(name), lab.CheckName(name+copied)); err != nil {
		return nil, nil, fmt.Errorf("open journal %s: %w", name, err)
	}
	for {
		records, size, err := recoverFile(env.Disk(), name)
		if err == nil {
			j := &Journal{
				name:   name,
				file:   file{disk: env.Disk(), name: name, size: size},
				writes: make(chan write), ended: make(chan struct{}),
			}
			j.synced.Store(size)
			go j.own(ctx)
			return j, records, nil
		}
		if errors.Is(err, lab.ErrKilled) { // a ctx that is to outlive a stop does not end with it
			return nil, nil, fmt.Errorf("open journal %s: %w", name, err)
		}
		env.Printf("cannot recover journal %s yet: %v", name, err)
		select {
		case <-time.After(again):
		case <-ctx.Done():
		}
		// Where both are ready the select chose by lot.
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("open journal %s: %w; the disk said last: %w", name, ctx.Err(), err)
		}
	}
}

// Append adds a record and returns nil once it is synced. After any other
// error than one that wraps ErrUncertain the record is not in the journal, and
// will not be. Appends of one moment share a sync, and fail together.
//
// An Append that returned stands before one that is called later; those that
// overlap stand in the order of their coming; no seed decides that of two in
// one instant, so record an event before. A caller whose ctx ends gives up
// waiting.
func (j *Journal) Append(ctx context.Context, record []byte) error {
	w := write{framed: frame(record), done: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return j.failed(err)
	}
	select {
	case j.writes <- w:
	case <-ctx.Done():
		return j.failed(ctx.Err())
	case <-j.ended:
		return j.failed(errClosed)
	}
	var why error
	select {
	case err := <-w.done:
		return j.failed(err)
	case <-ctx.Done():
		why = ctx.Err()
	case <-j.ended:
		why = errClosed
	}
	// Where two were ready the select chose by lot; an answer counts.
	select {
	case err := <-w.done:
		return j.failed(err)
	default:
		return j.failed(fmt.Errorf("%w: %w", why, ErrUncertain))
	}
}

// failed adds to an error what was being done; nil stays nil.
func (j *Journal) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("append to journal %s: %w", j.name, err)
}

// own writes what comes, until ctx ends. Nobody else uses the file.
func (j *Journal) own(ctx context.Context) {
	defer close(j.ended)
	// Asked first each time: where a write waits too, the select chose by lot.
	for ctx.Err() == nil {
		select {
		case w := <-j.writes:
			j.commit(j.gather(w))
		case <-ctx.Done():
		}
	}
}

func (j *Journal) commit(batch []write) {
	var framed []byte
	for _, w := range batch {
		framed = append(framed, w.framed...)
	}
	err := j.file.store(framed)
	j.synced.Store(j.file.size)
	for _, w := range batch {
		w.done <- err
	}
}

// gather adds to a write all that wait already, in the order of their coming.
func (j *Journal) gather(first write) []write {
	batch := []write{first}
	for {
		select {
		case w := <-j.writes:
			batch = append(batch, w)
		default:
			return batch
		}
	}
}

// copied ends the name of the file that a recovery writes.
const copied = ".new"

// recoverFile reads a journal after a start. What can be read is not therefore
// durable: after a failed sync the cache still shows what the disk gave up. A
// process that took it for acknowledged would lose it to the next power cut.
// So the records are written anew, synced, and put in the place of the old
// file, which also leaves a torn tail behind.
func recoverFile(disk lab.Disk, name string) (records [][]byte, size int64, err error) {
	text, err := disk.Read(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	records, size = unframe(text)
	if err := disk.Remove(name + copied); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	// Also when there is none: the file is in its directory from now on, and no
	// Append has to make that durable.
	if err := disk.Append(name+copied, text[:size]); err != nil {
		return nil, 0, err
	}
	if err := disk.Sync(name + copied); err != nil {
		return nil, 0, err
	}
	if err := disk.Rename(name+copied, name); err != nil {
		return nil, 0, err
	}
	return records, size, disk.SyncDir()
}
