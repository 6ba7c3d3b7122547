package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/web"
)

func TestDoMakesTheRequestItIsGiven(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("Idempotency-Key"))
	}
	serving(t, echo, func(t *testing.T, _, client *host) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://service/users/7", strings.NewReader("x"))
		require.NoError(t, err)
		req.Header.Set("Idempotency-Key", "k")
		resp, body, err := web.Do(client, web.Client(client, "service", false, time.Second), req, history.Event{ID: "7"})
		require.NoError(t, err)
		require.Equal(t, http.StatusTeapot, resp.StatusCode)
		require.Equal(t, "PUT /users/7 k", string(body))
		require.Equal(t, []string{"PUT 7", "re PUT 7"}, []string{client.Events[0].Msg, client.Events[1].Msg})
		require.Equal(t, "client->service", client.Events[0].Link)
	})
}

// Only what never left certainly had no effect.
func TestDoTellsWhatWasNotSent(t *testing.T) {
	breaks := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for _, down := range []bool{true, false} {
		serving(t, breaks, func(t *testing.T, _, client *host) {
			if down { // nobody listens there
				client.Port = labtest.NewPort()
				require.NoError(t, client.Port.Close())
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://service/", strings.NewReader("x"))
			require.NoError(t, err)
			_, _, err = web.Do(client, web.Client(client, "service", false, time.Second), req, history.Event{})
			require.Error(t, err)
			if down {
				require.ErrorIs(t, err, web.ErrNotSent)
			} else {
				require.NotErrorIs(t, err, web.ErrNotSent)
			}
		})
	}
}

// net/http would send a request with this header again over a new connection
// when the kept one has ended, and its server would handle it twice.
func TestDoSendsOnce(t *testing.T) {
	handled := 0
	handle := func(_ http.ResponseWriter, r *http.Request) {
		handled++
		if handled > 1 {
			panic(http.ErrAbortHandler)
		}
	}
	serving(t, handle, func(t *testing.T, _, client *host) {
		c := web.Client(client, "service", true, time.Second)
		for range 2 {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://service/", strings.NewReader("x"))
			require.NoError(t, err)
			req.Header.Set("Idempotency-Key", "k")
			_, _, err = web.Do(client, c, req, history.Event{})
			require.Equal(t, handled > 1, err != nil)
		}
		require.Equal(t, 2, handled)
		c.CloseIdleConnections()
	})
}

// outside looks at a service without passing a link.
type outside struct {
	lab.Observer
	port *labtest.Port
}

func (o outside) Dial(ctx context.Context, _ string, _ int) (net.Conn, error) {
	return o.port.Dial(ctx)
}

func TestLook(t *testing.T) {
	for _, test := range []struct{ name, path, page, wrong string }{
		{"a page", "/page", "hello", ""},
		{"a page that is not there", "/nothing", "", "get /nothing of service: 404 Not Found: 404 page not found"},
		{"half a page", "/half", "", "get /half of service: unexpected EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
			mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "10")
				_, _ = io.WriteString(w, "hel")
			})
			serving(t, mux.ServeHTTP, func(t *testing.T, _, client *host) {
				page, err := web.Look(t.Context(), outside{port: client.Port}, "service", 80, test.path)
				if test.wrong != "" {
					require.ErrorContains(t, err, test.wrong)
					return
				}
				require.NoError(t, err)
				require.Equal(t, test.page, string(page))
			})
		})
	}
}
