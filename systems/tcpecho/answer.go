package tcpecho

import (
	"strings"
	"time"
	"unicode"
)

// answer is what the server says to a text: the echo, and to a command a second
// thing ("handle_client").
type answer struct{ echo, more string }

func answerTo(message string, now func() time.Time) answer {
	a := answer{echo: echoOf(message)}
	switch command(message) {
	case "time":
		a.more = now().Format("Server time: 2006-01-02 15:04:05")
	case exit:
		a.more = "Goodbye!"
	}
	return a
}

// exit is the command that ends a session.
const exit = "exit"

// command is a message as the server looks at it.
func command(message string) string { return strings.ToLower(strip(message)) }

func echoOf(message string) string { return "ECHO: " + strip(message) }

// strip is str.strip, to which four control characters are space besides.
func strip(message string) string {
	return strings.TrimFunc(message, func(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' })
}
