package udpecho

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// asker says a message and takes its answer, as it is shown.
type asker func(seq int64, said []byte) (answer string, err error)

// talk runs a client's part of the workload. owed says what saying something
// comes to: the operation that it is, and the right answer. ask gives up within
// that time.
func talk(ctx context.Context, env lab.Env, within time.Duration, owed func(said []byte) (op, answer string), ask asker) error {
	p, me := env.Params(), env.Node().Name
	return lab.Workload(ctx, env, int64(p.Int("messages")), p.Duration("every"), func(seq int64) {
		said := message(p, me, seq)
		op, right := owed(said)
		e := history.Event{Op: op, Source: me, Seq: seq, ID: fmt.Sprintf("%s/%d", me, seq)}
		e.Kind, e.Value, e.Detail = history.Invoke, shown(said), "want "+right
		env.Record(e)
		env.Printf("Sending: %s", shown(said))
		answer, err := ask(seq, said)
		switch {
		case err == nil:
			env.Printf("Response: %s", answer)
			e.Kind, e.Value, e.Detail = history.OK, answer, ""
		case errors.Is(err, errNoAnswer):
			env.Printf("No response from server within %v", within)
			e.Kind, e.Detail = history.Info, err.Error()
		default:
			env.Printf("Communication error: %v", err)
			e.Kind, e.Detail = history.Info, err.Error()
		}
		env.Record(e)
	})
}

// errNoAnswer: the message may have been handled, or may be yet.
var errNoAnswer = errors.New("no answer came in time")

// askDocumented is the document's UDPClient.
func askDocumented(ctx context.Context, env lab.Env) error {
	conn, err := env.DialPacket(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close()
	within := env.Params().Duration("timeout")
	owed := func(said []byte) (op, answer string) { return opEcho, answerOf(said) }
	return talk(ctx, env, within, owed, func(seq int64, said []byte) (string, error) {
		return askOnce(env, conn, within, seq, said)
	})
}

// askOnce is the document's send_message. It sends once, and takes the next
// datagram for the answer, whoever sent it and whatever it answers: one that
// comes after the timeout is the next message's.
func askOnce(env lab.Env, conn net.Conn, within time.Duration, seq int64, said []byte) (string, error) {
	me := env.Node().Name
	e := history.Event{Kind: history.Send, Op: opEcho, Source: me, Seq: seq, ID: fmt.Sprintf("%s/%d", me, seq), Value: shown(said)}
	e.Msg = requestOf(e.ID)
	env.Record(e)
	if err := conn.SetReadDeadline(ahead(within)); err != nil {
		return "", err
	}
	if _, err := conn.Write(said); err != nil {
		return "", err
	}
	buffer := make([]byte, room)
	n, err := conn.Read(buffer)
	if late(err) {
		return "", errNoAnswer
	}
	if err != nil {
		return "", err
	}
	answer := buffer[:n]
	e = about(strings.TrimPrefix(string(answer), echo))
	e.Kind, e.Op, e.Value = history.Recv, opEcho, shown(answer)
	if e.ID != "" {
		e.Msg = replyTo(e.ID)
	}
	env.Record(e)
	// The document's expect_binary: the echo of the command comes first.
	if strings.HasPrefix(string(said), command) {
		if len(answer) != len(numbers()) {
			return "", fmt.Errorf("unpack requires a buffer of 8 bytes, not of %d", len(answer))
		}
		return pair(binary.LittleEndian.Uint32(answer), math.Float32frombits(binary.LittleEndian.Uint32(answer[4:]))), nil
	}
	if !utf8.Valid(answer) {
		return "", errNotUTF8
	}
	return string(answer), nil
}

// ahead is the moment that lies so far ahead of now.
func ahead(d time.Duration) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	at, _ := ctx.Deadline()
	return at
}

// late reports whether a read ended at its deadline.
func late(err error) bool {
	var failure net.Error
	return errors.As(err, &failure) && failure.Timeout()
}
