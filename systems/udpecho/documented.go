package udpecho

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"strings"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// room is the buffer that both of the document's programs read a datagram into:
// recvfrom(1024). What is longer loses its tail, and nobody is told.
const room = 1024

// echo begins an answer.
const echo = "UDP-ECHO: "

// answerDocumented does what the document's handle_client does with a datagram.
func answerDocumented(env lab.Env, conn net.PacketConn, from net.Addr, data []byte) {
	if err := tryAnswer(env, conn, from, data); err != nil {
		env.Printf("Error processing data from %s: %v", from, err)
	}
}

func tryAnswer(env lab.Env, conn net.PacketConn, from net.Addr, data []byte) error {
	e := about(string(data))
	e.Op = opEcho
	e.Kind, e.Msg = history.Recv, requestOf(e.ID)
	env.Record(e)
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	said := string(data)
	env.Printf(received+"%s", from, said)
	e.Kind, e.Msg = history.Store, ""
	env.Record(e)

	answer := echo + said
	e.Kind, e.Msg, e.Value = history.Send, replyTo(e.ID), answer
	env.Record(e)
	if _, err := conn.WriteTo([]byte(answer), from); err != nil {
		return err
	}
	if !strings.HasPrefix(said, command) {
		return nil
	}
	// A second datagram to one question. Nothing in it says to which, and the
	// order of its bytes is that of whatever machine this is.
	e.Op, e.Msg, e.Value = "numbers", "re numbers "+e.ID, fmt.Sprintf("%x", numbers())
	env.Record(e)
	_, err := conn.WriteTo(numbers(), from)
	return err
}

var errNotUTF8 = errors.New("'utf-8' codec can't decode it")

// received is how the server's line for a message begins.
const received = "Received from %s: "

// answerOf is the one right answer to a message, as a client shows it.
func answerOf(said []byte) string {
	if strings.HasPrefix(string(said), command) {
		return pair(42, 3.14)
	}
	return echo + shown(said)
}

// numbers are the document's struct.pack('If', 42, 3.14) on the machines it ran
// on: 2a000000 c3f54840.
func numbers() []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 42), math.Float32bits(3.14))
}

// pair is how the document's client shows the numbers.
func pair(n uint32, x float32) string { return fmt.Sprintf("(%d, %v)", n, float64(x)) }

// requestOf and replyTo pair the messages about an id, for who sends and who gets
// them. Copies and retransmissions are the same message.
func requestOf(id string) string { return opEcho + " " + id }

func replyTo(id string) string { return "re " + opEcho + " " + id }
