package users

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// reply is an answer.
type reply struct {
	Status int             `json:"status"`
	ETag   string          `json:"etag,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// refusal is an error that is the client's: nothing was done.
type refusal struct {
	status int
	why    string
}

func (r refusal) Error() string { return r.why }

// success is an answer that a user is so now.
func success(status int, data any, message, etag string) reply {
	r := inJSON(status, map[string]any{"success": true, "data": data, "message": message})
	r.ETag = etag
	return r
}

// failure is the answer to a request that was not carried out. What is not the
// client's fault may be over the next time.
func failure(err error) reply {
	status := http.StatusServiceUnavailable
	var refused refusal
	if errors.As(err, &refused) {
		status = refused.status
	}
	return inJSON(status, map[string]any{"success": false, "error": err.Error()})
}

// inJSON is an answer with that in its body.
func inJSON(status int, body map[string]any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		panic("users: an answer is no JSON: " + err.Error())
	}
	return reply{Status: status, Body: text}
}

// send writes the answer. It says how long it is, so that one that is cut short
// can be told from a whole one.
func (r reply) send(w http.ResponseWriter) {
	allow(w, "Content-Type, If-Match, "+keyHeader)
	w.Header().Set("Access-Control-Expose-Headers", "ETag")
	if r.ETag != "" {
		w.Header().Set("ETag", r.ETag)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	w.WriteHeader(r.Status)
	w.Write(r.Body)
}
