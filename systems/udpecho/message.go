package udpecho

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// What the workload says; see the parameter payload.
const (
	sayDemo      = "demo"
	sayText      = "text"
	sayMultibyte = "multibyte"
	sayBinary    = "binary"
	sayEmpty     = "empty"
)

// command is how a text begins to which the document's server also sends a
// datagram of numbers (handle_client).
const command = "BINARY"

// spoken are the document's three texts, said in turn.
var spoken = [...]string{"Hello UDP!", "BINARY_TEST", "Another message"}

// message is what a client says as its operation of that number. Its name stands
// in it, so that a text that is handled twice is two copies of one message and
// not two messages.
//
// The probe, after the last one, is a plain text: whatever the workload is made
// of, it must come through.
func message(p lab.Params, client string, seq int64) []byte {
	name := fmt.Sprintf("%s/%d", client, seq)
	if seq > int64(p.Int("messages")) {
		return []byte(spoken[0] + " " + name)
	}
	said := "Message " + name
	switch p.String("payload") {
	case sayDemo:
		said = spoken[(seq-1)%int64(len(spoken))] + " " + name
	case sayBinary:
		said = "\xff\x00 " + name + "\n\xfe"
	case sayEmpty:
		if seq%2 == 0 {
			return nil
		}
	}
	if seq%2 == 0 {
		said = filled(said, p.Int("size"), p.String("payload"))
	}
	return []byte(said)
}

// filled makes a text that long. A letter of two bytes begins at every odd
// place, so that a cut behind any even number of bytes goes through one.
func filled(said string, size int, payload string) string {
	missing := size - len(said)
	if missing <= 0 {
		return said
	}
	if payload != sayMultibyte {
		return said + " " + strings.Repeat(".", missing-1)
	}
	lead := 1 + len(said)%2
	if missing < lead {
		return said + " "
	}
	letters := (missing - lead) / len("é")
	tail := missing - lead - letters*len("é")
	return said + strings.Repeat(" ", lead) + strings.Repeat("é", letters) + strings.Repeat(".", tail)
}

// about says which message a text is: none, if nobody was to say it. A tail that
// was cut off leaves it the same message, damaged.
func about(said string) history.Event {
	e := history.Event{Value: shown([]byte(said))}
	for _, word := range strings.Fields(said) {
		client, number, _ := strings.Cut(word, "/")
		seq, err := strconv.ParseInt(number, 10, 64)
		if err == nil && strings.HasPrefix(client, "client") {
			e.Source, e.Seq, e.ID = client, seq, word
			return e
		}
	}
	return e
}

// shown is how the history writes what was said: texts as they are, all else
// quoted, for an event holds UTF-8 only.
func shown(said []byte) string {
	if utf8.Valid(said) {
		return string(said)
	}
	return strconv.QuoteToASCII(string(said))
}
