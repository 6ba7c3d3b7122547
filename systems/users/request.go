package users

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab/web"
)

// Headers of requests besides those of the document.
const (
	// requestHeader says for which operation a request is made. No server acts
	// on it: it is there so that its events can be told apart.
	requestHeader = "X-Request-Id"
	keyHeader     = "Idempotency-Key"
)

// method is how an operation is asked for.
func method(op string) string {
	switch op {
	case opCreate:
		return http.MethodPost
	case opWrite:
		return http.MethodPut
	case opDelete:
		return http.MethodDelete
	}
	return http.MethodGet
}

// newRequest is an operation as HTTPClientExample makes it.
func (c *client) newRequest(ctx context.Context, op history.Event) (*http.Request, error) {
	path, body := collection+"/"+op.ID, ""
	switch op.Op {
	case opCreate:
		path = collection
		body = fmt.Sprintf(`{"name": "David", "email": %q, "age": %s}`, email(op.Source, op.Seq), op.Value)
	case opWrite:
		body = fmt.Sprintf(`{"age": %s}`, op.Value)
	}
	req, err := http.NewRequestWithContext(ctx, method(op.Op), "http://"+server+path, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request of %s/%d: %w", op.Source, op.Seq, err)
	}
	req.Header.Set(requestHeader, requestID(op))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.keyed && op.Op != opRead {
		req.Header.Set(keyHeader, requestID(op))
	}
	return req, nil
}

func requestID(op history.Event) string { return fmt.Sprintf("%s/%d", op.Source, op.Seq) }

// answer is what an answer about one user says.
type answer struct {
	Data struct {
		ID  int         `json:"id"`
		Age json.Number `json:"age"`
	} `json:"data"`
}

// request makes one request. again says that another may get more of an answer.
func (c *client) request(ctx context.Context, op history.Event) (done completion, again bool) {
	req, err := c.newRequest(ctx, op)
	if err != nil {
		return completion{kind: history.Fail, detail: err.Error()}, false
	}
	resp, text, err := web.Do(c.env, c.http, req, history.Event{Source: op.Source, Seq: op.Seq, ID: requestID(op), Value: op.Value})
	switch {
	case errors.Is(err, web.ErrNotSent):
		return completion{kind: history.Fail, detail: err.Error()}, true
	case err != nil:
		return completion{kind: history.Info, detail: err.Error()}, true
	}
	c.env.Printf("Status: %d", resp.StatusCode)
	switch {
	case resp.StatusCode >= http.StatusInternalServerError:
		// It may come from a server that failed half-way.
		return completion{kind: history.Info, detail: resp.Status + ": " + strings.TrimSpace(string(text))}, true
	case resp.StatusCode == http.StatusNotFound && op.Op == opRead:
		return completion{kind: history.OK, detail: "absent"}, false
	case resp.StatusCode >= http.StatusBadRequest:
		return completion{kind: history.Fail, detail: resp.Status + ": " + strings.TrimSpace(string(text))}, false
	}
	var a answer
	err = json.Unmarshal(text, &a)
	switch {
	case err == nil:
		return completion{kind: history.OK, id: a.Data.ID, age: a.Data.Age.String()}, false
	case c.wary:
		return completion{kind: history.Info, detail: "the answer cannot be read: " + err.Error()}, true
	}
	// The status is 200 and the connection has ended as it always does: nothing
	// says that something is missing.
	return completion{kind: history.OK, age: string(text)}, false
}
