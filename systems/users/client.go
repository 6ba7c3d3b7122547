package users

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// The operations of the workload.
const (
	opCreate = "create" // POST a user
	opRead   = "read"   // GET one
	opWrite  = "write"  // PUT an age
	opDelete = "delete" // DELETE one
)

// manner is how the clients of a variant ask.
type manner struct {
	insists   bool // it waits for an answer so long and asks so often; or else once and for ever
	keepAlive bool
	keyed     bool // each operation has an Idempotency-Key, the same for all its requests
	wary      bool // an answer that cannot be read is none
}

// patience is how often a client asks, and how long it waits each time; 0: for
// ever.
func (m manner) patience(p lab.Params) (attempts int, deadline time.Duration) {
	if !m.insists {
		return 1, 0
	}
	return p.Int("attempts"), p.Duration("deadline")
}

// rest is how long a client waits before its second request; before the third
// it waits twice as long, and so on.
const rest = 50 * time.Millisecond

// bound is within what time a client that insists is done with an operation.
func bound(p lab.Params) time.Duration {
	n := p.Int("attempts")
	return time.Duration(n)*p.Duration("deadline") + time.Duration(n*(n-1)/2)*rest + time.Second
}

// client is one that is running.
type client struct {
	manner
	env      lab.Env
	http     *http.Client
	attempts int
	own      []int // users that it made and has not deleted, as far as it knows
}

// run is the role of a client.
func (m manner) run(ctx context.Context, env lab.Env) error {
	p := env.Params()
	attempts, deadline := m.patience(p)
	c := &client{manner: m, env: env, http: web.Client(env, server, m.keepAlive, deadline), attempts: attempts}
	return lab.Workload(ctx, env, int64(p.Int("operations")), p.Duration("every"), func(seq int64) { c.operate(ctx, seq) })
}

// The orders of the operations, over and over. Each client begins one further
// on, so that not all write at once.
var (
	// Its second read and the delete are of the client's own user.
	mixed = [...]string{opCreate, opWrite, opRead, opCreate, opRead, opDelete}
	// Few writes and many reads: a value that comes back is seen.
	update = [...]string{opCreate, opWrite, opRead, opRead, opRead, opRead}
)

// next is the operation of a number. A client that has no user of its own (its
// create got no answer, or it was restarted and forgot) reads the shared one.
//
// The probe is a create whatever the workload is: with nothing else
// acknowledged it still shows that what is acknowledged is kept.
func (c *client) next(seq int64) history.Event {
	p, node := c.env.Params(), c.env.Node().Name
	e := history.Event{Kind: history.Invoke, Op: opCreate, Source: node, Seq: seq}
	turn := (int(seq) - 1 + clientNumber(node)) % len(mixed)
	about := shared
	switch kind := p.String("ops"); {
	case kind == "create" || seq > int64(p.Int("operations")):
	case kind == "update":
		e.Op = update[turn]
	case turn < 4:
		e.Op = mixed[turn]
	case len(c.own) == 0:
		e.Op = opRead
	default:
		e.Op, about = mixed[turn], c.own[len(c.own)-1]
	}
	if e.Op != opCreate { // the server gives that one its id
		e.ID = strconv.Itoa(about)
	}
	if e.Op == opCreate || e.Op == opWrite {
		e.Value = strconv.Itoa(age(node, seq))
		e.Detail = "want " + e.Value
	}
	return e
}

// operate is one operation, with as many requests as it takes.
func (c *client) operate(ctx context.Context, seq int64) {
	op := c.next(seq)
	c.env.Record(op)
	done := c.ask(ctx, op)
	c.remember(op, done)
	op.Kind, op.Value, op.Detail = done.kind, done.age, done.detail
	if op.Op == opCreate && done.id != 0 {
		op.ID = strconv.Itoa(done.id)
	}
	c.env.Record(op)
}

// completion is what came of an operation.
type completion struct {
	kind   history.Kind
	id     int    // of the user
	age    string // of the user, as the client took it
	detail string
}

// ask makes requests until one is answered. An answer that says no counts only
// if no request before may have been carried out: a second DELETE is answered
// with 404 because the first one worked.
func (c *client) ask(ctx context.Context, op history.Event) completion {
	doubt := false
	for n := 1; ; n++ {
		done, again := c.request(ctx, op)
		doubt = doubt || done.kind == history.Info
		if again && n < c.attempts && lab.Rest(ctx, time.Duration(n)*rest) == nil {
			continue
		}
		if doubt && done.kind == history.Fail {
			done.kind = history.Info
		}
		return done
	}
}

func (c *client) remember(op history.Event, done completion) {
	switch {
	case op.Op == opCreate && done.id != 0:
		c.own = append(c.own, done.id)
	case op.Op == opDelete:
		c.own = c.own[:len(c.own)-1] // whatever the answer is: it may be gone
	}
}
