package web

import (
	"context"
	"errors"
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

// ErrNotSent is wrapped by the error of a request that never left its client.
var ErrNotSent = errors.New("nothing was sent")

// Exchange posts a body to a node and returns the status and the text of the
// answer, as Do does.
func Exchange(ctx context.Context, env lab.Env, client *http.Client, to string, body io.Reader, about history.Event) (status, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+to, body)
	if err != nil {
		return "", "", fmt.Errorf("post to %s: %w", to, err)
	}
	resp, answer, err := Do(env, client, req, about)
	if err != nil {
		return "", "", err
	}
	return resp.Status, string(answer), nil
}

// Do makes a request to the node that is its URL's host, and returns the answer
// with its whole body. about says what it is about: a Send is recorded when
// there is a connection and no byte has left, a Recv when the whole answer is
// there. What a server got and what it answered are paired with them by Msg:
// of a POST "POST" and "re POST", with the id behind.
//
// It sends once. net/http by itself would send a request with an
// Idempotency-Key again after a broken connection, and nobody would see it.
func Do(env lab.Env, client *http.Client, req *http.Request, about history.Event) (*http.Response, []byte, error) {
	to := req.URL.Host
	about.Link = lab.Link{From: env.Node().Name, To: to}.String()
	about.Op = req.Method
	sent := false
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		sent = true
		send := about
		send.Kind, send.Msg = history.Send, req.Method+" "+about.ID
		env.Record(send)
	}}))
	req.GetBody = nil
	resp, err := client.Do(req)
	if err != nil && !sent {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(http.MaxBytesReader(nil, resp.Body, maxAnswer))
	if err != nil {
		return nil, nil, fmt.Errorf("read the answer of %s: %w", to, err)
	}
	about.Kind, about.Msg, about.Value, about.Detail = history.Recv, "re "+req.Method+" "+about.ID, string(answer), resp.Status
	env.Record(about)
	return resp, answer, nil
}

// Request is the Msg of a POST about id, for who sends and who gets it.
func Request(id string) string { return "POST " + id }

// Answer is the Msg of the answer to it.
func Answer(id string) string { return "re POST " + id }
