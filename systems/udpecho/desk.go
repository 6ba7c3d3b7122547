package udpecho

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// handled is the server's file: the requests in the order in which they were
// handled, each as it came.
const handled = "handled.journal"

// desk handles the requests of all clients, one after the other. Of each client
// it keeps one number and one answer: as a client sends nothing new before it
// has the last answer, no older one is ever asked for again.
type desk struct {
	env     lab.Env
	conn    net.PacketConn
	journal *journal.Journal
	last    map[string]answered
}

// answered is a client's last message, and what it was answered.
type answered struct {
	seq   uint64
	reply frame
}

func serveDesk(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(port)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	env.Printf("UDP Server started on %s", conn.LocalAddr())
	// The port is open already: while the disk does not let it recover, the server
	// is there and does not answer yet, which a client knows how to bear.
	j, records, err := journal.Open(ctx, env, handled)
	if err != nil {
		return err
	}
	d := &desk{env: env, conn: conn, journal: j, last: map[string]answered{}}
	for _, record := range records {
		f, err := parseFrame(record)
		if err != nil {
			return fmt.Errorf("read %s: %w", handled, err)
		}
		d.last[f.client] = answered{f.seq, answerTo(f)}
	}
	buffer := make([]byte, 1<<16) // a datagram cannot be longer, and none is cut off
	for {
		n, from, err := d.conn.ReadFrom(buffer)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, lab.ErrKilled):
			return err
		case err != nil:
			env.Printf("cannot read a datagram: %v", err)
		case !env.Overloaded(): // else it is gone, and comes again
			d.take(ctx, from, buffer[:n])
		}
	}
}

// take handles a datagram.
func (d *desk) take(ctx context.Context, from net.Addr, datagram []byte) {
	f, err := parseFrame(datagram)
	switch {
	case errors.Is(err, errNoFrame) && isText(datagram):
		// The document's own client is answered as documented. It gives no number,
		// so nothing can be promised of what it says, and it is not written down.
		answerDocumented(d.env, d.conn, from, datagram)
	case err != nil:
		d.env.Record(history.Event{Kind: history.Decide, Op: opEcho, Detail: err.Error() + " → drop"})
	case f.kind != kindAsk:
		d.env.Record(history.Event{Kind: history.Decide, Op: opEcho, ID: f.id(), Detail: fmt.Sprintf("kind %d = %d = false → drop", f.kind, kindAsk)})
	default:
		if reply, ok := d.answer(ctx, f); ok {
			e := reply.event()
			e.Kind, e.Msg = history.Send, replyTo(f.id())
			d.env.Record(e)
			if _, err := d.conn.WriteTo(reply.bytes(), from); err != nil {
				d.env.Printf("cannot answer %s: %v", f.id(), err)
			}
		}
	}
}

// isText reports whether a datagram may be one of the document's client. A frame
// whose mark was damaged is none: there are zeros in every header.
func isText(b []byte) bool { return utf8.Valid(b) && !strings.Contains(string(b), "\x00") }

// answer handles a request; without ok it is to be asked again.
func (d *desk) answer(ctx context.Context, f frame) (reply frame, ok bool) {
	e := f.event()
	e.Kind, e.Msg = history.Recv, requestOf(e.ID)
	d.env.Record(e)
	e.Msg = ""
	decide := func(format string, args ...any) {
		e.Kind, e.Detail = history.Decide, fmt.Sprintf(format, args...)
		d.env.Record(e)
	}
	if len(f.payload) > longest {
		decide("%d bytes > %d = true → refuse", len(f.payload), longest)
		return f.refused("a message has at most %d bytes, and this one %d", longest, len(f.payload)), true
	}
	last := d.last[f.client]
	switch {
	case f.seq > last.seq:
		decide("%d > %d = true → store", f.seq, last.seq)
	case f.seq == last.seq && f.seq > 0:
		decide("%d > %d = false → answer again", f.seq, last.seq)
		return last.reply, true
	default:
		// It was handled long ago, and its answer taken: a copy that comes late. Who
		// really asks this, a program that has forgotten its numbers, is told.
		decide("%d > %d = false → refuse", f.seq, last.seq)
		return f.refused("message %d of %s came before; the next must be above %d", f.seq, f.client, last.seq), true
	}
	// On disk first: an answer that is out cannot be taken back by a crash.
	if err := d.journal.Append(ctx, f.bytes()); err != nil {
		d.env.Printf("cannot handle %s: %v", f.id(), err)
		return frame{}, false
	}
	reply = answerTo(f)
	d.last[f.client] = answered{f.seq, reply}
	d.env.Printf("Received from %s: %s", f.id(), shown(f.payload))
	e.Kind, e.Detail = history.Store, ""
	d.env.Record(e)
	return reply, true
}

// answerTo is the one answer to a request: for a command its numbers instead of
// the echo, not besides.
func answerTo(f frame) frame {
	said := f.payload
	f.kind, f.payload = kindEcho, append([]byte(echo), said...)
	if strings.HasPrefix(string(said), command) {
		f.kind = kindNumbers
		f.payload = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 42), math.Float32bits(3.14))
	}
	return f
}

func (f frame) refused(format string, args ...any) frame {
	f.kind, f.payload = kindRefusal, fmt.Appendf(nil, format, args...)
	return f
}
