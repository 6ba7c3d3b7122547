package tcpecho

import (
	"context"
	"errors"
	"io"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// received is the most that one recv of the document takes, in bytes.
const received = 1024

var errOverloaded = errors.New("the server is overloaded")

// runDocumented is TCPServer.
func runDocumented(ctx context.Context, env lab.Env) error {
	return serve(ctx, env, func(v visit) error {
		if env.Overloaded() {
			return errOverloaded // there is no word for it
		}
		if err := v.welcome(); err != nil {
			return err
		}
		return v.converse(v)
	})
}

// converse takes whatever one recv gives for one message, be it a piece of one
// or two in one ("handle_client"), and answers a command with two sends, which
// nothing tells from two answers.
func (v visit) converse(in io.Reader) error {
	data := make([]byte, received)
	for {
		n, err := in.Read(data)
		if err != nil {
			return err
		}
		v.record(history.Recv, asked(string(data[:n])))
		// An é of which this read has one half ends the conversation.
		decoded, err := decode(data[:n])
		if err != nil {
			return err
		}
		message := strip(decoded)
		v.env.Printf("Received from %s: %s", v.address(), message)
		v.record(history.Store, about(message))
		a := answerTo(message, v.env.Now)
		if err := v.say(a.echo); err != nil {
			return err
		}
		if a.more != "" {
			if err := v.say(a.more); err != nil {
				return err
			}
		}
		if command(message) == exit {
			return nil
		}
	}
}

func (v visit) say(reply string) error {
	v.record(history.Send, answered(reply))
	_, err := io.WriteString(v, reply)
	return err
}

func (v visit) record(kind history.Kind, e history.Event) {
	e.Kind = kind
	v.env.Record(e)
}

// consoleLine gives what a line of the console says was received.
func consoleLine(line string) (message string, ok bool) {
	if !strings.HasPrefix(line, "Received from (") {
		return "", false
	}
	_, message, ok = strings.Cut(line, "): ")
	return message, ok
}
