package users

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"faultlab/sim/lab"
)

// desk is the hardened server: it takes requests and gives answers.
type desk struct {
	env  lab.Env
	lock *lab.Mutex // guards the table: one request at a time reads or changes it
	// table is nil until it is recovered.
	table *table
	// life is the node's context. Changes are stored under it and not under
	// their request's: a client that hangs up must not leave the journal with a
	// change that the table lacks.
	life context.Context
}

// recover gets the table from the disk.
func (d *desk) recover(ctx context.Context) error {
	t, err := openTable(ctx, d.env)
	if err != nil {
		return err
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	d.table, d.life = t, ctx
	return nil
}

var errRecovering = errors.New("the users are being recovered; try again")

// with lets f use the table.
func (d *desk) with(f func(*table) (reply, error)) (reply, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.table == nil {
		return reply{}, errRecovering
	}
	return f(d.table)
}

// ServeHTTP takes one request.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := received(d.env, r)
	answer, err := d.answer(v, w, r)
	if err != nil {
		answer = failure(err)
	}
	v.answering(answer.Status)
	answer.send(w)
}

var (
	errNoEndpoint error = refusal{http.StatusNotFound, "Endpoint not found"}
	errNoMethod   error = refusal{http.StatusMethodNotAllowed, "Method not allowed"}
	errNoID       error = refusal{http.StatusBadRequest, "Invalid user ID"}
	errBody       error = refusal{http.StatusBadRequest, "The body is cut short or too long"}
)

// answer finds what a request is about.
func (d *desk) answer(v visit, w http.ResponseWriter, r *http.Request) (reply, error) {
	item, isItem := strings.CutPrefix(r.URL.Path, collection+"/")
	switch {
	case r.Method == http.MethodOptions:
		return reply{Status: http.StatusOK}, nil
	case r.URL.Path == health && r.Method == http.MethodGet:
		return d.with(func(t *table) (reply, error) { return d.health(t), nil })
	case r.URL.Path == collection && r.Method == http.MethodGet:
		return d.with(func(t *table) (reply, error) { return t.list(), nil })
	case r.URL.Path == collection && r.Method == http.MethodPost:
		return d.change(v, w, r, 0)
	case r.URL.Path == collection, r.URL.Path == health:
		return reply{}, errNoMethod
	case !isItem || strings.Contains(item, "/"):
		return reply{}, errNoEndpoint
	}
	id, err := strconv.Atoi(item)
	if err != nil || strconv.Itoa(id) != item {
		return reply{}, errNoID
	}
	switch r.Method {
	case http.MethodGet:
		return d.with(func(t *table) (reply, error) { return t.show(id) })
	case http.MethodPut, http.MethodDelete:
		return d.change(v, w, r, id)
	}
	return reply{}, errNoMethod
}

// largestBody is more than any user takes, in bytes.
const largestBody = 16 << 10

func (d *desk) change(v visit, w http.ResponseWriter, r *http.Request, id int) (reply, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		return reply{}, errBody
	}
	c, err := newRequest(r, id, body)
	if err != nil {
		return reply{}, err
	}
	return d.with(func(t *table) (reply, error) { return t.carryOut(d.life, v, c) })
}

// health is the answer of /api/health.
func (d *desk) health(t *table) reply {
	return inJSON(http.StatusOK, map[string]any{
		"status": "healthy", "timestamp": float64(d.env.Now().UnixNano()) / 1e9, "users_count": len(t.entries),
	})
}

// list is the answer with all users.
func (t *table) list() reply {
	users := make([]user, len(t.entries))
	for i, e := range t.entries {
		users[i] = e.user
	}
	return inJSON(http.StatusOK, map[string]any{"success": true, "data": users, "count": len(users)})
}

// show is the answer with one user.
func (t *table) show(id int) (reply, error) {
	e, err := t.get(id)
	if err != nil {
		return reply{}, err
	}
	r := inJSON(http.StatusOK, map[string]any{"success": true, "data": e.user})
	r.ETag = e.etag()
	return r, nil
}
