package facade

import (
	"context"
	"errors"
	"net/http"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// everything is the hardened facade's answer to a GET. It is a list: a message
// may have spaces in it.
type everything struct {
	Logs     []string `json:"logs"`
	Messages string   `json:"messages"`
}

// desk is the hardened facade. It knows nothing between two requests.
type desk struct {
	ctx   context.Context // of the node: a client that is gone takes no attempt back
	env   lab.Env
	texts *http.Client
}

func hardenedFacade(ctx context.Context, env lab.Env) error {
	d := desk{ctx: ctx, env: env, texts: web.Client(env, messages, false, env.Params().Duration("deadline"))}
	mux := http.NewServeMux()
	for path, to := range map[string]backend{"/grpc_message": byGRPC{env}, "/message": newByHTTP(env)} {
		mux.HandleFunc("POST "+path, d.post(to))
		mux.HandleFunc("GET "+path, d.get(to))
	}
	return web.Serve(ctx, env, facadePort, &http.Server{
		Handler:     mux,
		ReadTimeout: 2 * time.Second, // of a half-sent request
		IdleTimeout: time.Minute,
	})
}

// post takes a message under the client's own name for it. The facade could
// make one up, as the original does, and then a client that posts again would
// have two.
//
//	2xx       stored, and synced
//	4xx, 503  not stored, and not going to be by this request
//	504       not known: post it again, under the same name
func (d desk) post(to backend) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(keyHeader)
		if err := checkKey(key); err != nil {
			writeError(w, http.StatusBadRequest, err)
			return
		}
		msg, err := readMessage(w, r)
		if err != nil {
			unprocessable(w, err)
			return
		}
		e := about(key, msg)
		got(d.env, e, r.Method, web.Request(key))
		err = persist(d.ctx, d.env, to, e)
		answers(d.env, e, r.Method, web.Answer(key))
		if err != nil {
			writeError(w, statusOf(err), err)
			return
		}
		writeJSON(w, http.StatusOK, posted{key, msg})
	}
}

// statusOf tells a client what an error means for its message.
func statusOf(err error) int {
	switch {
	case errors.Is(err, errConflict):
		return http.StatusConflict
	case errors.Is(err, errNotStored):
		return http.StatusServiceUnavailable
	}
	return http.StatusGatewayTimeout
}

// get says what is stored, or that it cannot: an error is no text among others.
func (d desk) get(from backend) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got(d.env, history.Event{}, r.Method, r.Method+" ")
		ctx, cancel := context.WithTimeout(d.ctx, d.env.Params().Duration("deadline"))
		defer cancel()
		logs, err := from.logs(ctx)
		var text string
		if err == nil {
			text, err = getText(ctx, d.env, d.texts)
		}
		answers(d.env, history.Event{}, r.Method, "re "+r.Method+" ")
		if err != nil {
			writeError(w, http.StatusBadGateway, err)
			return
		}
		writeJSON(w, http.StatusOK, everything{logs, text})
	}
}
