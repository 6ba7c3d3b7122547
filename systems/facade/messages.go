package facade

import (
	"context"
	"io"
	"net/http"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// notYet is all that the document's messages service says.
const notYet = "not implemented yet"

// runMessages is the messages service.
func runMessages(ctx context.Context, env lab.Env) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /message", func(w http.ResponseWriter, r *http.Request) {
		got(env, history.Event{}, r.Method, r.Method+" ")
		answers(env, history.Event{}, r.Method, "re "+r.Method+" ")
		io.WriteString(w, notYet)
	})
	return web.Serve(ctx, env, messagesPort, &http.Server{Handler: mux, ReadHeaderTimeout: 2 * time.Second})
}
