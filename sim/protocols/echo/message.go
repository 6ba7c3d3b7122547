package echo

import (
	"fmt"
	"strconv"
	"strings"

	"faultlab/sim/history"
)

// What a message wants, besides Ask and Tell.
const (
	slow = "slow" // an answer that takes its time
	stop = "stop" // that the server reads no more
)

// message is what client and server exchange: what it wants, its number, and
// dots up to its size.
//
//	ask 17 ..........
type message struct {
	verb string
	seq  int64
	size int // bytes in all
}

func (m message) String() string {
	head := fmt.Sprintf("%s %d ", m.verb, m.seq)
	return head + strings.Repeat(".", max(0, m.size-len(head)))
}

// parse reads a message. whole is false if it is a part of one, or more than
// one.
func parse(text string) (m message, whole bool) {
	words := strings.Split(text, " ")
	if len(words) != 3 {
		return message{}, false
	}
	seq, err := strconv.ParseInt(words[1], 10, 64)
	m = message{verb: words[0], seq: seq, size: len(text)}
	if err != nil || m.String() != text {
		return message{}, false
	}
	return m, true
}

// event is one about the message.
func (m message) event() history.Event {
	return history.Event{Op: m.verb, Source: client, Seq: m.seq}
}

// request and reply pair the events of who sends a message and who gets it.
func request(m message) string { return fmt.Sprintf("%s %d", m.verb, m.seq) }
func reply(m message) string   { return "re " + request(m) }
