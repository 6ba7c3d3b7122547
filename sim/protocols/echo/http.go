package echo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// web1 is HTTP/1.1: a message is the body of a POST, its answer that of the
// response.
type web1 struct{}

func (web1) serve(ctx context.Context, env lab.Env, d desk) error {
	return web.Serve(ctx, env, port, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p := env.Params(); p.String("play") {
		case Flood:
			select { // it does not read the body
			case <-ctx.Done():
			case <-r.Context().Done():
			}
			return
		case Push:
			pushHTTP(ctx, w, p)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longest))
		if err == nil {
			err = d.answer(ctx, string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(body) // a client that has gone needs no answer
	})})
}

func (web1) dial(_ context.Context, env lab.Env) (channel, error) {
	const keepAlive, noTimeout = true, 0
	c := web.Client(env, server, keepAlive, noTimeout)
	// One channel is one connection, or nothing would be said of that.
	c.Transport.(*http.Transport).MaxConnsPerHost = 1
	return &httpChannel{env: env, client: c}, nil
}

type httpChannel struct {
	env    lab.Env
	client *http.Client
}

func (c *httpChannel) ask(ctx context.Context, m message) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+server, strings.NewReader(m.String()))
	if err != nil {
		return err
	}
	about := history.Event{Source: client, Seq: m.seq, ID: request(m)}
	resp, answer, err := web.Do(c.env, c.client, req, about)
	switch {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("answered %s", resp.Status)
	case string(answer) != m.String():
		return errOther
	}
	return nil
}

func (c *httpChannel) close() { c.client.CloseIdleConnections() }
