package udpecho

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

const (
	// slowest is how many times the first wait the longest is: a client must not
	// fall silent because the server was away for a while.
	slowest = 8
	// patience is how long a client waits for the answer to a message before it goes
	// on without. It may have others to bring first, so that it is no part of the
	// workload: a short one would make a slow disk look like a server that is stuck.
	patience = 2 * time.Second
	// linger is how long a client that is asked to end tries to bring what it has;
	// longer than it is given before it is killed.
	linger = 10 * time.Second
)

var errRefused = errors.New("the server refuses it")

// courier brings a client's messages to the server, one at a time: the next is
// sent when the last is answered. That alone keeps the order, whatever the
// network does to the datagrams, and a copy that comes late is known by its
// number.
//
//	say → waiting ──→ [ send, wait, send again after twice the time … ] ──→ answer
type courier struct {
	env     lab.Env
	conn    net.Conn
	waiting []frame // the oldest first; one that nobody waits for any more is owed all the same
}

func askPersistently(ctx context.Context, env lab.Env) error {
	conn, err := env.DialPacket(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close()
	c := &courier{env: env, conn: conn}
	err = talk(ctx, env, patience, owed, c.say)
	if len(c.waiting) > 0 {
		_, err := c.bring(c.waiting[len(c.waiting)-1].seq, ahead(linger))
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// owed: what is too long is refused at once, and that is the right answer to it.
func owed(said []byte) (op, answer string) {
	if len(said) > longest {
		return opTooLong, tooLong(said)
	}
	return opEcho, answerOf(said)
}

func tooLong(said []byte) string {
	return fmt.Sprintf("refused: a message has at most %d bytes, and this one %d", longest, len(said))
}

// say brings a message, and with it all that still wait, and gives its answer.
func (c *courier) say(seq int64, said []byte) (string, error) {
	if len(said) > longest {
		c.env.Record(history.Event{
			Kind: history.Decide, Op: opTooLong, Source: c.env.Node().Name, Seq: seq,
			Detail: fmt.Sprintf("%d bytes > %d = true → refuse", len(said), longest),
		})
		return tooLong(said), nil
	}
	c.waiting = append(c.waiting, frame{kind: kindAsk, client: c.env.Node().Name, seq: uint64(seq), payload: said})
	reply, err := c.bring(uint64(seq), ahead(patience))
	if err != nil {
		return "", err
	}
	return read(reply)
}

// bring brings what waits, up to the message of that number, and gives the
// answer to that.
func (c *courier) bring(seq uint64, limit time.Time) (reply frame, err error) {
	for len(c.waiting) > 0 && c.waiting[0].seq <= seq {
		if reply, err = c.exchange(c.waiting[0], limit); err != nil {
			return frame{}, err
		}
		c.waiting = c.waiting[1:]
	}
	return reply, nil
}

// exchange sends a request until it is answered.
func (c *courier) exchange(f frame, limit time.Time) (frame, error) {
	first := c.env.Params().Duration("resend")
	for wait := first; ; wait = min(2*wait, slowest*first) {
		e := f.event()
		e.Kind, e.Msg = history.Send, requestOf(e.ID)
		c.env.Record(e)
		if _, err := c.conn.Write(f.bytes()); err != nil {
			return frame{}, err
		}
		until := ahead(wait)
		if limit.Before(until) {
			until = limit
		}
		reply, err := c.await(f, until)
		if !late(err) {
			return reply, err
		}
		if until.Equal(limit) {
			return frame{}, fmt.Errorf("%w; it is sent again before the next message", errNoAnswer)
		}
	}
}

// await reads until the answer to a request comes. What else there is, answers to
// copies of earlier ones, damaged ones, strangers' datagrams, is no answer to it.
func (c *courier) await(f frame, until time.Time) (frame, error) {
	if err := c.conn.SetReadDeadline(until); err != nil {
		return frame{}, err
	}
	buffer := make([]byte, 1<<16)
	for {
		n, err := c.conn.Read(buffer)
		if err != nil {
			return frame{}, err
		}
		reply, err := parseFrame(buffer[:n])
		if err != nil || reply.client != f.client || reply.seq != f.seq || reply.kind == kindAsk {
			continue
		}
		e := reply.event()
		e.Kind, e.Msg = history.Recv, replyTo(f.id())
		c.env.Record(e)
		return reply, nil
	}
}

// read gives an answer as it is shown.
func read(reply frame) (string, error) {
	switch {
	case reply.kind == kindEcho:
		said := string(reply.payload)
		return echo + shown([]byte(said[min(len(echo), len(said)):])), nil
	case reply.kind == kindNumbers && len(reply.payload) == len(numbers()):
		return pair(binary.BigEndian.Uint32(reply.payload), math.Float32frombits(binary.BigEndian.Uint32(reply.payload[4:]))), nil
	}
	return "", fmt.Errorf("%w: %s", errRefused, shown(reply.payload))
}
