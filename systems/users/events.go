package users

import (
	"net/http"
	"strconv"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// visit is a request at the server, for its events.
type visit struct {
	env   lab.Env
	about history.Event
}

// received records that a request has come. What its header says of itself may
// be anything.
func received(env lab.Env, r *http.Request) visit {
	e := history.Event{Op: r.Method, ID: r.Header.Get(requestHeader)}
	source, number, _ := strings.Cut(e.ID, "/")
	if seq, err := strconv.ParseInt(number, 10, 64); err == nil && seq > 0 {
		e.Source, e.Seq = source, seq
	}
	v := visit{env, e}
	e.Kind, e.Msg, e.Detail = history.Recv, r.Method+" "+e.ID, r.URL.Path
	env.Record(e)
	return v
}

// decided records a rule that was applied.
func (v visit) decided(detail string) {
	e := v.about
	e.Kind, e.Detail = history.Decide, detail
	v.env.Record(e)
}

// stored records what was done to a user.
func (v visit) stored(id int, value string) {
	e := v.about
	e.Kind, e.Value, e.Detail = history.Store, value, "user "+strconv.Itoa(id)
	v.env.Record(e)
}

// answering records that an answer is about to leave.
func (v visit) answering(status int) {
	e := v.about
	e.Kind, e.Msg, e.Detail = history.Send, "re "+v.about.Op+" "+v.about.ID, strconv.Itoa(status)
	v.env.Record(e)
}
