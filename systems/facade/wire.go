package facade

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// What the services say in JSON.

// posted is the facade's answer to a message.
type posted struct {
	ID      string `json:"message_id"`
	Message string `json:"message"`
}

// detail is any other answer in words.
type detail struct {
	Detail string `json:"detail"`
}

// logList is what the HTTP logging service has.
type logList struct {
	Logs []string `json:"logs"`
}

// combined is the original facade's answer to a GET.
type combined struct {
	Combined string `json:"combined"`
}

// largestBody is more than any message takes, in bytes.
const largestBody = 16 << 10

// readJSON reads a body that is one JSON object.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		return fmt.Errorf("the body is cut short or over %d bytes", largestBody)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return errors.New("the body is no JSON object of that kind")
	}
	return nil
}

// readMessage reads {"msg": "…"}.
func readMessage(w http.ResponseWriter, r *http.Request) (string, error) {
	var in struct{ Msg *string }
	if err := readJSON(w, r, &in); err != nil {
		return "", err
	}
	if in.Msg == nil {
		return "", errors.New(`a message is {"msg": "…"}`)
	}
	return *in.Msg, nil
}

// unprocessable answers what FastAPI answers to a body that is none.
func unprocessable(w http.ResponseWriter, err error) {
	writeError(w, http.StatusUnprocessableEntity, err)
}

func writeError(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, detail{err.Error()})
}

func writeJSON(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		panic(fmt.Sprintf("facade: an answer that is no JSON: %v", err))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}
