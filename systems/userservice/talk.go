package userservice

import (
	"fmt"
	"strconv"
	"strings"
)

// said are the messages of the document's chat (test_bidirectional_streaming).
var said = [...]string{
	"Hello from client!",
	"How are you?",
	"This is bidirectional streaming",
	"Goodbye!",
}

// name is how an operation is called: client/7.
func name(source string, seq int64) string { return fmt.Sprintf("%s/%d", source, seq) }

// named reads a name; what is none gives nothing.
func named(text string) (source string, seq int64) {
	source, number, _ := strings.Cut(text, "/")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 1 || name(source, seq) != text {
		return "", 0
	}
	return source, seq
}

// message is what a client says. Its name makes one that is shown twice two
// copies of one message, and not two messages.
func message(source string, seq int64) string {
	return name(source, seq) + ": " + said[seq%int64(len(said))]
}

// saidBy reads a message back.
func saidBy(message string) (source string, seq int64) {
	name, _, _ := strings.Cut(message, ": ")
	return named(name)
}

// padded makes a message that long, in bytes.
func padded(message string, size int) string {
	return message + strings.Repeat(padding, max(0, size-len(message)))
}

// plain is a message without its padding, as consoles and events have it.
func plain(message string) string { return strings.TrimRight(message, padding) }

const padding = "."

// echo begins all that the document's server sends in a chat, whoever said it.
const echo = "Echo: "

// speaker is the user_id of all that the server sends in a chat.
const speaker = "Server"
