package users

import (
	"context"
	"net/http"

	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// original is the program of the document, mistakes included. Each is marked
// where it stands.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: all in memory, one connection at a time, and each new user gets the id 4.",
		Breaks:  []string{"no-loss", "id-unique", "linearizable", "live", "isolated"},
		OK:      ok(),
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"server": func(ctx context.Context, env lab.Env) error { return serveDocumented(ctx, env, false) },
			// HTTPClientExample asks once, and its requests have no timeout.
			"client": manner{}.run,
		},
		ReadBack: readBack,
	}
}

// serveDocumented is ThreadedHTTPServer. It is called so and has one thread: it
// serves a connection to its end before it looks at the next one, and it waits
// for ever for the end of a request. counts repairs the counter of ids.
func serveDocumented(ctx context.Context, env lab.Env, counts bool) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	env.Printf("HTTP Server started on http://localhost:%d", port)
	a := &api{env: env, counts: counts, nextID: len(given) + 1}
	for _, u := range given {
		a.rows = append(a.rows, &row{ID: u.id, Name: u.name, Email: u.email, Age: u.age})
	}
	s := &http.Server{Handler: a}
	s.SetKeepAlivesEnabled(false) // HTTP/1.0: a connection is for one request
	err = web.ServeOn(ctx, env, web.OneAtATime(ln), s)
	env.Printf("HTTP Server stopped")
	return err
}

// row is a user. "name: str" and "age: int" in the document are hints for the
// reader: whatever a client sends is kept.
type row struct {
	ID    int `json:"id"`
	Name  any `json:"name"`
	Email any `json:"email"`
	Age   any `json:"age"`
}

// api is RESTAPIHandler. It needs no lock: there is one connection at a time.
type api struct {
	env    lab.Env
	rows   []*row // in the order in which they came, as in a dict
	nextID int
	counts bool
}

// find is the place of a user; -1 if there is none of that id.
func (a *api) find(id int) int {
	for i, u := range a.rows {
		if u.ID == id {
			return i
		}
	}
	return -1
}

// add puts a new user in.
func (a *api) add(u row) *row {
	u.ID = a.nextID
	// `self.next_id += 1` reads the class's next_id and sets one of self, and
	// self is gone with its connection: the class's stays 4, and each new user
	// overwrites the last.
	if a.counts {
		a.nextID++
	}
	if i := a.find(u.ID); i >= 0 {
		*a.rows[i] = u
		return a.rows[i]
	}
	a.rows = append(a.rows, &u)
	return &u
}

// ServeHTTP finds the method's function, as BaseHTTPRequestHandler does.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := &documented{api: a, w: w, r: r, visit: received(a.env, r)}
	switch r.Method {
	case http.MethodOptions:
		h.reply(http.StatusOK, nil)
	case http.MethodGet:
		h.get()
	case http.MethodPost:
		h.post()
	case http.MethodPut:
		h.put()
	case http.MethodDelete:
		h.delete()
	default:
		http.Error(w, "Unsupported method ('"+r.Method+"')", http.StatusNotImplemented)
	}
}
