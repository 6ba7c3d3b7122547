package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// refusal is the answer to a request that cannot be carried out.
type refusal struct {
	Error    string    `json:"error"`
	Mistakes []mistake `json:"mistakes,omitempty"` // where it was the script
}

func refuse(w http.ResponseWriter, status int, err error) {
	answer(w, status, refusal{Error: err.Error()})
}

func answer(w http.ResponseWriter, status int, what any) {
	text, err := json.Marshal(what)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error": "the answer cannot be encoded"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text) // fails only if the page has gone
}

// read takes the body of a request; ok is false if it was answered already.
func read(w http.ResponseWriter, r *http.Request, into any) (ok bool) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return true
	}
	status := http.StatusBadRequest
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		status = http.StatusRequestEntityTooLarge
		err = fmt.Errorf("the request is longer than %d bytes", long.Limit)
	}
	refuse(w, status, fmt.Errorf("read the request: %w", err))
	return false
}
