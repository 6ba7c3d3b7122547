package users

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
)

// Whatever is asked, the answer is one of the documented ones, and a server that
// starts again has the users that the last one showed.
func FuzzHardenedServer(f *testing.F) {
	f.Add(http.MethodPost, "/api/users", david, "k", "")
	f.Add(http.MethodPost, "/api/users", `{"name":"Eve","email":"e\ud800","age":1,"name":"Ida"}`, "", "")
	f.Add(http.MethodPut, "/api/users/1", `{"age": 31}`, "p", `"1.1"`)
	f.Add(http.MethodPut, "/api/users/4", `{"NAME": "x", "age": 1e3}`, "\xff", "*")
	f.Add(http.MethodDelete, "/api/users/4", "", "k", "")
	f.Add(http.MethodGet, "/api/users/-1", "", "", "")
	f.Add("PATCH", "//api/users/4/", "[]", "", "")
	f.Fuzz(func(t *testing.T, method, path, body, key, match string) {
		var status int
		var before, after string
		require.NoError(t, onDesk(func(ctx context.Context, env lab.Env) error {
			ask := func(d *desk, method, path, body, key, match string) (int, string) {
				w := httptest.NewRecorder()
				d.ServeHTTP(w, &http.Request{
					Method: method, URL: &url.URL{Path: path}, Body: io.NopCloser(strings.NewReader(body)),
					Header: http.Header{keyHeader: {key}, "If-Match": {match}},
				})
				return w.Code, w.Body.String()
			}
			first, end := context.WithCancel(ctx)
			defer end()
			d := &desk{env: env, lock: lab.NewMutex()}
			if err := d.recover(first); err != nil {
				return err
			}
			ask(d, http.MethodPost, collection, david, "first", "")
			status, _ = ask(d, method, path, body, key, match)
			_, before = ask(d, http.MethodGet, collection, "", "", "")
			end()
			time.Sleep(time.Second) // virtual; the journal ends
			d = &desk{env: env, lock: lab.NewMutex()}
			if err := d.recover(ctx); err != nil {
				return err
			}
			again, text := ask(d, http.MethodPost, collection, david, "first", "")
			if again != http.StatusCreated || !strings.Contains(text, `"id":4`) {
				return fmt.Errorf("the first request again: %d %s", again, text)
			}
			_, after = ask(d, http.MethodGet, collection, "", "", "")
			return nil
		}))
		require.Contains(t, []int{200, 201, 400, 404, 405, 412, 422}, status)
		require.Equal(t, before, after)
	})
}

// onDesk runs f as the server's only process.
func onDesk(f func(context.Context, lab.Env) error) error {
	v := hardened()
	v.Roles["server"] = func(ctx context.Context, env lab.Env) error {
		ln, err := env.Listen(port) // the world waits for it
		if err != nil {
			return err
		}
		defer ln.Close()
		return f(ctx, env)
	}
	return onBench(v, func(ctx context.Context, b *worldtest.Bench) error { return b.Play(ctx, server) })
}
