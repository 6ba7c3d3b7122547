package facade

import (
	"context"
	"errors"
	"net/http"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// weblogOf is the HTTP interface of a logging service: POST /log stores a
// message under its id, GET /log lists what is stored.
func weblogOf(env lab.Env, store func(context.Context, history.Event) error, all func(context.Context) ([]string, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /log", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ ID, Msg *string }
		err := readJSON(w, r, &in)
		if err == nil && (in.ID == nil || in.Msg == nil) {
			err = errors.New(`a message is {"id": "…", "msg": "…"}`)
		}
		if err != nil {
			unprocessable(w, err)
			return
		}
		e := about(*in.ID, *in.Msg)
		got(env, e, r.Method, web.Request(e.ID))
		err = store(r.Context(), e)
		answers(env, e, r.Method, web.Answer(e.ID))
		if err != nil {
			writeError(w, statusOf(err), err)
			return
		}
		writeJSON(w, http.StatusOK, detail{logged})
	})
	mux.HandleFunc("GET /log", func(w http.ResponseWriter, r *http.Request) {
		got(env, history.Event{}, r.Method, r.Method+" ")
		logs, err := all(r.Context())
		answers(env, history.Event{}, r.Method, "re "+r.Method+" ")
		if err != nil {
			writeError(w, http.StatusServiceUnavailable, err)
			return
		}
		writeJSON(w, http.StatusOK, logList{logs})
	})
	return mux
}
