package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// maxAnswer bounds how long an answer may be, in bytes: one that is longer is
// an error, and not taken for whole when it is cut.
const maxAnswer = 1 << 20

// Exchange posts a body to a node and returns the status and the text of the
// answer. about says what it is about: a Send is recorded when there is a
// connection and no byte has left, a Recv when the whole answer is there. What
// a server got and what it answered are paired with them by Msg, "POST" and
// "re POST" with the id behind.
func Exchange(ctx context.Context, env lab.Env, client *http.Client, to string, body io.Reader, about history.Event) (status, text string, err error) {
	about.Link = lab.Link{From: env.Node().Name, To: to}.String()
	about.Op = http.MethodPost
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		send := about
		send.Kind, send.Msg = history.Send, Request(about.ID)
		env.Record(send)
	}}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, "http://"+to, body)
	if err != nil {
		return "", "", fmt.Errorf("post to %s: %w", to, err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(http.MaxBytesReader(nil, resp.Body, maxAnswer))
	if err != nil {
		return "", "", fmt.Errorf("read the answer of %s: %w", to, err)
	}
	about.Kind, about.Msg, about.Value, about.Detail = history.Recv, Answer(about.ID), string(answer), resp.Status
	env.Record(about)
	return resp.Status, string(answer), nil
}

// Request is the Msg of a request about id, for who sends and who gets it.
func Request(id string) string { return "POST " + id }

// Answer is the Msg of the answer to it.
func Answer(id string) string { return "re POST " + id }
