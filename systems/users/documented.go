package users

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// documented is RESTAPIHandler at one request. Where Python raises and nobody
// catches, the connection closes without an answer.
type documented struct {
	*api
	visit
	w http.ResponseWriter
	r *http.Request
}

// get is do_GET.
func (h *documented) get() {
	switch path := h.r.URL.Path; {
	case path == collection:
		h.reply(http.StatusOK, map[string]any{"success": true, "data": h.rows, "count": len(h.rows)})
	case strings.HasPrefix(path, collection+"/"):
		id, err := lastInt(path)
		if err != nil {
			h.refuse(http.StatusBadRequest, "Invalid user ID")
			return
		}
		i := h.find(id)
		if i < 0 {
			h.refuse(http.StatusNotFound, fmt.Sprintf("User %d not found", id))
			return
		}
		h.reply(http.StatusOK, map[string]any{"success": true, "data": h.rows[i]})
	case path == health:
		h.reply(http.StatusOK, map[string]any{
			"status": "healthy", "timestamp": float64(h.api.env.Now().UnixNano()) / 1e9, "users_count": len(h.rows),
		})
	default:
		h.refuse(http.StatusNotFound, "Endpoint not found")
	}
}

// post is do_POST. It has no idea that a request may come twice.
func (h *documented) post() {
	if h.r.URL.RequestURI() != collection {
		h.refuse(http.StatusNotFound, "Endpoint not found")
		return
	}
	body, err := parse(h.body())
	if err != nil {
		h.refuse(http.StatusBadRequest, "Invalid JSON")
		return
	}
	for _, field := range []string{"name", "email", "age"} {
		if !contains(body, field) {
			h.refuse(http.StatusBadRequest, "Missing required fields")
			return
		}
	}
	object := index(body)
	u := h.add(row{Name: object["name"], Email: object["email"], Age: object["age"]})
	h.stored(u.ID, fmt.Sprint(u.Age))
	h.reply(http.StatusCreated, map[string]any{"success": true, "data": u, "message": "User created successfully"})
}

// put is do_PUT. It is a PATCH: fields that are not sent stay. Nothing tells a
// new request from an old one that comes late.
func (h *documented) put() {
	if !strings.HasPrefix(h.r.URL.RequestURI(), collection+"/") {
		panic(http.ErrAbortHandler) // no branch answers
	}
	id, err := lastInt(h.r.URL.RequestURI())
	if err != nil {
		h.refuse(http.StatusBadRequest, err.Error())
		return
	}
	i := h.find(id)
	if i < 0 {
		h.refuse(http.StatusNotFound, fmt.Sprintf("User %d not found", id))
		return
	}
	body, err := parse(h.body())
	if err != nil {
		h.refuse(http.StatusBadRequest, err.Error())
		return
	}
	u := h.rows[i]
	for field, to := range map[string]*any{"name": &u.Name, "email": &u.Email, "age": &u.Age} {
		if contains(body, field) {
			*to = index(body)[field]
		}
	}
	h.stored(id, fmt.Sprint(u.Age))
	h.reply(http.StatusOK, map[string]any{"success": true, "data": u, "message": "User updated successfully"})
}

// delete is do_DELETE. Done twice it says 404, as if there had never been such a
// user.
func (h *documented) delete() {
	if !strings.HasPrefix(h.r.URL.RequestURI(), collection+"/") {
		panic(http.ErrAbortHandler) // no branch answers
	}
	id, err := lastInt(h.r.URL.RequestURI())
	if err != nil {
		h.refuse(http.StatusBadRequest, "Invalid user ID")
		return
	}
	i := h.find(id)
	if i < 0 {
		h.refuse(http.StatusNotFound, fmt.Sprintf("User %d not found", id))
		return
	}
	u := h.rows[i]
	h.rows = slices.Delete(h.rows, i, i+1)
	h.stored(id, "")
	h.reply(http.StatusOK, map[string]any{"success": true, "message": fmt.Sprintf("User %v deleted", u.Name), "data": u})
}

// lastInt is int(path.split('/')[-1]): /api/users/7/1 is user 1.
func lastInt(path string) (int, error) {
	last := path[strings.LastIndex(path, "/")+1:]
	id, err := strconv.Atoi(last)
	if err != nil {
		return 0, fmt.Errorf("invalid literal for int() with base 10: '%s'", last)
	}
	return id, nil
}

// body is rfile.read(content_length). It gives what came before the connection
// ended, and nobody compares the lengths.
func (h *documented) body() []byte {
	body, err := io.ReadAll(h.r.Body)
	if len(h.r.Header["Content-Length"]) == 0 || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		panic(http.ErrAbortHandler) // int(None), or a reset
	}
	return body
}

// parse is json.loads.
func parse(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the body is no UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("extra data")
	}
	return v, nil
}

// contains is `field in body`: of an object a key, of a list an element, of a
// text a part. Of a number, true, false or null it raises.
func contains(body any, field string) bool {
	switch v := body.(type) {
	case map[string]any:
		_, ok := v[field]
		return ok
	case []any:
		return slices.Contains(v, any(field))
	case string:
		return strings.Contains(v, field)
	}
	panic(http.ErrAbortHandler)
}

// index lets body[field] be read, which raises for all but an object.
func index(body any) map[string]any {
	object, ok := body.(map[string]any)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	return object
}

func (h *documented) refuse(status int, why string) {
	h.reply(status, map[string]any{"success": false, "error": why})
}

// reply is _set_headers and a write. It says nothing about the length: the
// answer ends where the connection ends, and one that is cut short looks whole.
func (h *documented) reply(status int, body map[string]any) {
	client, _, _ := net.SplitHostPort(h.r.RemoteAddr)
	h.api.env.Printf(`%s - %s - "%s %s %s" %d -`, h.api.env.Now().Format("02/Jan/2006 15:04:05"), client, h.r.Method, h.r.URL.RequestURI(), h.r.Proto, status)
	h.answering(status)
	// Python's server speaks HTTP/1.0. Here the version of the answer is that of
	// the request.
	h.r.Proto, h.r.ProtoMajor, h.r.ProtoMinor = "HTTP/1.0", 1, 0
	allow(h.w, "Content-Type")
	h.w.WriteHeader(status)
	http.NewResponseController(h.w).Flush()
	if body != nil {
		json.NewEncoder(h.w).Encode(body)
	}
}

// allow sets the headers of _set_headers.
func allow(w http.ResponseWriter, headers string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
	w.Header().Set("Access-Control-Allow-Headers", headers)
}
