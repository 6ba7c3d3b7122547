package users

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// request is a request for a change.
type request struct {
	key    string // its Idempotency-Key; empty: it has none, and is new each time
	digest string // of what it asks for
	match  string // its If-Match; empty: it does not care what it changes
	id     int    // of the user; 0: a new one
	fields fields
	delete bool
}

// newRequest reads a request for a change, all of it: whoever is slow to send
// one holds nobody up.
func newRequest(r *http.Request, id int, body []byte) (request, error) {
	c := request{
		key: r.Header.Get(keyHeader), match: r.Header.Get("If-Match"),
		id: id, delete: r.Method == http.MethodDelete,
	}
	if len(c.key) > 255 || strings.ContainsFunc(c.key, func(b rune) bool { return b < ' ' || b > '~' }) {
		// A byte that is no text would come out of the journal as another key.
		return c, refusal{http.StatusBadRequest, "Invalid " + keyHeader}
	}
	c.digest = fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s %d\n%s", r.Method, id, body)))
	if c.delete {
		return c, nil
	}
	var err error
	if c.fields, err = parseFields(body); err != nil {
		return c, err
	}
	if id == 0 && !c.fields.whole() {
		return c, refusal{http.StatusBadRequest, "Missing required fields"}
	}
	return c, nil
}

// carryOut does what a request asks for, unless it was done before. The table
// is locked.
func (t *table) carryOut(ctx context.Context, v visit, c request) (reply, error) {
	// Before all else: a request that was carried out has changed what its
	// If-Match was about, and has deleted the user that it would be told is not
	// there.
	if before, known := t.answers[c.key]; known {
		if before.Digest != c.digest {
			v.decided(fmt.Sprintf("key %q is that of another request → refuse", c.key))
			return reply{}, refusal{http.StatusUnprocessableEntity, keyHeader + " was used for another request"}
		}
		v.decided(fmt.Sprintf("key %q is known → the same answer", c.key))
		return before.Answer, nil
	}
	done, err := t.plan(c)
	if err != nil {
		return reply{}, err
	}
	v.decided(fmt.Sprintf("key %q is new → store", c.key))
	if err := t.commit(ctx, done); err != nil {
		return reply{}, err
	}
	age := strconv.Itoa(done.User.Age)
	if done.Gone {
		age = ""
	}
	v.stored(done.User.ID, age)
	return done.Answer, nil
}

// plan is the change that a new request makes.
func (t *table) plan(c request) (change, error) {
	done := change{Key: c.key, Digest: c.digest, Gone: c.delete}
	if c.id == 0 {
		e := entry{c.fields.of(user{ID: t.nextID}), 1}
		done.User = e.user
		done.Answer = success(http.StatusCreated, e.user, "User created successfully", e.etag())
		return done, nil
	}
	e, err := t.get(c.id)
	if err != nil {
		return change{}, err
	}
	if c.match != "" && !matches(c.match, e.etag()) {
		return change{}, refusal{http.StatusPreconditionFailed, fmt.Sprintf("User %d has changed", c.id)}
	}
	if c.delete {
		done.User = e.user
		done.Answer = success(http.StatusOK, e.user, fmt.Sprintf("User %s deleted", e.Name), "")
		return done, nil
	}
	e = entry{c.fields.of(e.user), e.version + 1}
	done.User = e.user
	done.Answer = success(http.StatusOK, e.user, "User updated successfully", e.etag())
	return done, nil
}

// get finds a user.
func (t *table) get(id int) (entry, error) {
	i, found := t.find(id)
	if !found {
		return entry{}, refusal{http.StatusNotFound, fmt.Sprintf("User %d not found", id)}
	}
	return t.entries[i], nil
}

// matches reports whether an If-Match has the tag in its list.
func matches(list, etag string) bool {
	for tag := range strings.SplitSeq(list, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == etag {
			return true
		}
	}
	return false
}
