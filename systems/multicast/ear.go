package multicast

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// heardFile is a receiver's: where it joined, and then each message, in order.
const heardFile = "heard.journal"

// ear is a receiver. It takes the messages of a sender one after the other, from
// the first it hears of: its join point. One that comes too early waits, one that
// came before is dropped, and one that does not come is asked for.
type ear struct {
	env     lab.Env
	conn    net.PacketConn
	journal *journal.Journal
	places  map[string]*place // by sender
}

// place is how far a receiver is with a sender.
type place struct {
	begin   frame            // the sender and its epoch
	next    uint64           // the first message that it lacks
	highest uint64           // the last that it knows of
	asked   uint64           // the last that it has asked for
	early   map[uint64]frame // messages behind next, at most a window of them
}

func newPlace(f frame) *place {
	begin := frame{sender: f.sender, epoch: f.epoch}
	return &place{begin: begin, next: f.seq, early: map[uint64]frame{}}
}

func hear(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(port)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	env.Printf("Multicast receiver started on %s:%d", groupAddress, port)
	// The port is open already: what comes while the disk does not let it recover
	// is lost, and asked for.
	j, records, err := journal.Open(ctx, env, heardFile)
	if err != nil {
		return err
	}
	r := &ear{env: env, conn: conn, journal: j, places: map[string]*place{}}
	for _, record := range records {
		f, err := parseFrame(record)
		switch {
		case err != nil:
			return fmt.Errorf("read %s: %w", heardFile, err)
		case f.kind == kindJoin:
			r.places[f.sender] = newPlace(f)
		default:
			r.places[f.sender].next = f.seq + 1
		}
	}
	buffer := make([]byte, 1<<16)
	for {
		n, from, err := conn.ReadFrom(buffer)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, lab.ErrKilled):
			return err
		case err != nil:
			env.Printf("cannot read a datagram: %v", err)
			continue
		case env.Overloaded(): // it is gone, and asked for
			continue
		}
		f, err := parseFrame(buffer[:n])
		switch {
		case err == nil:
			r.take(ctx, from, f)
		case isText(buffer[:n]):
			// The document's own sender is heard as documented. Nothing can be promised
			// of what has no number, and it is not written down.
			env.Printf(heard+"%s", from, buffer[:n])
		default:
			env.Record(history.Event{Kind: history.Decide, Op: opSay, Detail: err.Error() + " → drop"})
		}
	}
}

// isText reports whether a datagram may be one of the document's sender. A frame
// whose mark was damaged is none: there are zeros in every header.
func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// take handles a datagram.
func (r *ear) take(ctx context.Context, from net.Addr, f frame) {
	if f.kind != kindMessage && f.kind != kindHeartbeat {
		return
	}
	e := f.event()
	e.Kind, e.Msg = history.Recv, msg(e.ID, r.env.Node().Name)
	r.env.Record(e)
	p := r.places[f.sender]
	if p == nil || f.epoch > p.begin.epoch {
		if p = r.join(ctx, f); p == nil {
			return
		}
	}
	if f.epoch < p.begin.epoch {
		r.decide(f, "epoch %d < %d = true → drop", f.epoch, p.begin.epoch)
		return
	}
	p.highest = max(p.highest, f.seq)
	if f.kind == kindHeartbeat {
		// Answered in any case: that it lacks nothing, the sender must know, too. And
		// what was asked for may have been lost again.
		r.ask(from, p)
		return
	}
	switch {
	case f.seq < p.next:
		r.decide(f, "%d < %d = true → drop", f.seq, p.next)
	case f.seq > p.next:
		r.decide(f, "%d < %d = false, %d = %d = false → wait for %d", f.seq, p.next, f.seq, p.next, p.next)
		if f.seq < p.next+window {
			p.early[f.seq] = f
		}
	default:
		r.decide(f, "%d = %d = true → store", f.seq, p.next)
		for ok := true; ok; f, ok = p.early[p.next] {
			delete(p.early, f.seq) // if the disk does not take it, it is asked for again
			if !r.keep(ctx, f) {
				break
			}
			p.next++
		}
	}
	// A gap is asked for when it is first seen, and then at each heartbeat.
	if p.next <= p.highest && p.next > p.asked {
		r.ask(from, p)
	}
}

// join begins with a sender, or with an epoch of its: nothing is owed of what was
// said before. It gives nil if the disk does not take it.
func (r *ear) join(ctx context.Context, f frame) *place {
	if f.kind == kindHeartbeat {
		f.seq++
	}
	f.kind, f.payload = kindJoin, nil
	if err := r.journal.Append(ctx, f.bytes()); err != nil {
		r.env.Printf("cannot join %s yet: %v", f.sender, err)
		return nil
	}
	r.decide(f, "nothing is known of epoch %d = true → join at %d", f.epoch, f.seq)
	p := newPlace(f)
	r.places[f.sender] = p
	return p
}

// keep puts the next message into the log: on disk first, for what was shown must
// not be shown again after a crash.
func (r *ear) keep(ctx context.Context, f frame) bool {
	if err := r.journal.Append(ctx, f.bytes()); err != nil {
		r.env.Printf("cannot keep %s: %v", f.id(), err)
		return false
	}
	r.env.Printf(heard+"%s", f.sender, f.payload)
	e := f.event()
	e.Kind = history.Store
	r.env.Record(e)
	return true
}

// ask tells the sender from where to where messages are lacking.
func (r *ear) ask(to net.Addr, p *place) {
	last := max(p.next, min(p.highest, p.next+window-1))
	for seq := range p.early {
		last = min(last, seq-1)
	}
	p.asked = last
	f := p.begin.want(p.next, last)
	e := f.event()
	e.Kind, e.Msg = history.Send, msg(e.ID, r.env.Node().Name)
	r.env.Record(e)
	if _, err := r.conn.WriteTo(f.bytes(), to); err != nil {
		r.env.Printf("cannot ask %s: %v", p.begin.sender, err)
	}
}

func (r *ear) decide(f frame, format string, args ...any) {
	e := f.event()
	e.Kind, e.Detail = history.Decide, fmt.Sprintf(format, args...)
	r.env.Record(e)
}
