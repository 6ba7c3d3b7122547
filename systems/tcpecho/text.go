package tcpecho

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// What clients send.
const (
	sayDocument = "document"
	sayText     = "text"
	sayCommands = "commands"
	sayEdges    = "edges"
	sayLong     = "long"
	sayBinary   = "binary"
	sayEmpty    = "empty"
	sayMixed    = "mixed"
)

// The commands, one spelling for each client: the server takes any case, and
// whoever reads the log can tell whose time was asked for.
var (
	timeWords = [...]string{"time", "Time", "TIME", "tIME"}
	exitWords = [...]string{"exit", "Exit", "EXIT", "eXIT"}
)

// greetings are the two texts of the document's session ("test_messages").
var greetings = [...]string{"Hello, Server!", "How are you?"}

// mixed has one of each kind. An exit is in the document's session only.
var mixed = [...]string{sayText, sayCommands, sayEdges, sayDocument, sayEmpty, sayBinary, sayLong, sayEdges}

// text is what an operation sends.
type text struct {
	source string // the client
	seq    int64
	bytes  string
}

// said is what a client says as its operation of that number. What follows the
// workload, the probe, is plain.
func said(p lab.Params, node string, seq int64) text {
	t := text{source: node, seq: seq}
	if seq > int64(p.Int("messages")) {
		t.bytes = t.tagged(greetings[0])
		return t
	}
	kind := p.String("payload")
	if kind == sayMixed {
		kind = mixed[(seq-1)%int64(len(mixed))]
	}
	t.bytes = t.of(kind)
	return t
}

func (t text) of(kind string) string {
	turn := int(t.seq - 1)
	switch kind {
	case sayDocument:
		return [...]string{t.tagged(greetings[0]), timeWords[t.speaker()], t.tagged(greetings[1]), exitWords[t.speaker()]}[turn%4]
	case sayCommands:
		return [...]string{t.tagged("one"), timeWords[t.speaker()]}[turn%2]
	case sayEdges:
		return t.long(received-1+turn%3, "é")
	case sayLong:
		return t.long(1500, "")
	case sayBinary:
		return t.tagged("\x00\xff\xfe")
	case sayEmpty:
		return ""
	}
	return t.tagged(greetings[turn%2])
}

// tagged puts its operation before a text. Without that, one that is printed
// twice would be two texts.
func (t text) tagged(rest string) string { return t.name() + " " + rest }

// long is a tagged text of so many bytes with that end.
func (t text) long(size int, end string) string {
	head := t.tagged("")
	return head + strings.Repeat("x", size-len(head)-len(end)) + end
}

func (t text) name() string { return fmt.Sprintf("%s/%d", t.source, t.seq) }

// speaker is the number of its client, from 0.
func (t text) speaker() int {
	for i := range timeWords {
		if lab.Numbered("client", i) == t.source {
			return i
		}
	}
	panic("tcpecho: no client " + t.source)
}

// event is what is recorded of the operation.
func (t text) event(kind history.Kind) history.Event {
	return history.Event{Kind: kind, Op: echo, Source: t.source, Seq: t.seq}
}

func (t text) invoke() history.Event {
	e := t.event(history.Invoke)
	e.Value, e.Detail = shown(t.bytes), "want "+shown(echoOf(t.bytes))
	return e
}

// about says whose text it is, as far as it tells: of a command, whose and not
// which; of a piece, nothing.
func about(bytes string) history.Event {
	e := history.Event{Op: echo, Value: shown(bytes)}
	for i := range timeWords {
		if bytes == timeWords[i] || bytes == exitWords[i] {
			e.Source = lab.Numbered("client", i)
			return e
		}
	}
	tag, _, whole := strings.Cut(bytes, " ")
	source, number, _ := strings.Cut(tag, "/")
	seq, err := strconv.ParseInt(number, 10, 64)
	known := slices.ContainsFunc(lab.Clients(len(timeWords)), func(n lab.Node) bool { return n.Name == source })
	if whole && known && err == nil && seq > 0 && (text{source: source, seq: seq}).name() == tag {
		e.Source, e.Seq = source, seq
	}
	return e
}

// asked is about a text on its way to the server.
func asked(bytes string) history.Event {
	e := about(bytes)
	e.Msg = request(e)
	return e
}

// request pairs the sending of a text with its arrival, and the answer's with
// "re " before it.
func request(e history.Event) string {
	if e.Seq == 0 {
		return echo + " " + e.Value
	}
	return echo + " " + text{source: e.Source, seq: e.Seq}.name()
}

// answered is about a reply on its way back. A clock time tells nobody's.
func answered(reply string) history.Event {
	e := about(strings.TrimPrefix(reply, echoOf("")))
	e.Msg, e.Value = "re "+request(e), shown(reply)
	return e
}

// shown is how bytes stand in the history, which has text only: what is none is
// quoted, so that two that differ also differ there.
func shown(bytes string) string {
	if utf8.ValidString(bytes) {
		return bytes
	}
	return strconv.Quote(bytes)
}
