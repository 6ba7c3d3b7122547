package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Only the demo's own page is let in.
func TestGuard(t *testing.T) {
	h := guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var into map[string]string
		if r.Method != http.MethodPost || read(w, r, &into) {
			answer(w, http.StatusOK, "in")
		}
	}))
	const us = "127.0.0.1:8484"
	for name, test := range map[string]struct {
		method, path, host string
		header             map[string]string
		body               string
		want               int
	}{
		"our page asks":              {"POST", "/api/run", us, map[string]string{"Origin": "http://" + us, "Sec-Fetch-Site": "same-origin"}, "{}", 200},
		"localhost":                  {"GET", "/", "localhost:8484", nil, "", 200},
		"IPv6 loopback":              {"GET", "/", "[::1]:8484", nil, "", 200},
		"curl":                       {"POST", "/api/run", us, nil, "{}", 200},
		"typed address":              {"GET", "/", us, map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, "", 200},
		"a link on another page":     {"GET", "/", us, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "", 200},
		"rebound name":               {"GET", "/", "evil.example:8484", nil, "", 421},
		"rebound name that looks so": {"GET", "/", "127.0.0.1.evil.example", nil, "", 421},
		"localhost of somebody":      {"GET", "/", "localhost.evil.example", nil, "", 421},
		"another machine's address":  {"GET", "/", "192.168.0.7:8484", nil, "", 421},
		"no host":                    {"GET", "/", "", nil, "", 421},
		"another site posts":         {"POST", "/api/run", us, map[string]string{"Origin": "http://evil.example"}, "{}", 403},
		"an opaque origin posts":     {"POST", "/api/run", us, map[string]string{"Origin": "null"}, "{}", 403},
		"another port posts":         {"POST", "/api/run", us, map[string]string{"Origin": "http://127.0.0.1:9999"}, "{}", 403},
		"https of the same name":     {"POST", "/api/run", us, map[string]string{"Origin": "https://" + us}, "{}", 403},
		"an image on another site":   {"GET", "/api/live", us, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, "", 403},
		"another site frames us":     {"GET", "/api/scenarios", us, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "", 403},
		"same site, other port":      {"GET", "/api/scenarios", us, map[string]string{"Sec-Fetch-Site": "same-site"}, "", 403},
		"a form":                     {"POST", "/api/run", us, map[string]string{"Content-Type": "text/plain"}, "{}", 415},
		"no JSON":                    {"POST", "/api/run", us, nil, "reset_peer", 400},
		"an unknown field":           {"POST", "/api/run", us, nil, `{"a": 1}`, 400},
		"too long":                   {"POST", "/api/run", us, nil, `{"a": "` + strings.Repeat("x", maxBody) + `"}`, 413},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "http://"+us+test.path, strings.NewReader(test.body))
			r.Host = test.host
			if test.method == "POST" {
				r.Header.Set("Content-Type", "application/json; charset=utf-8")
			}
			for key, value := range test.header {
				r.Header.Set(key, value)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, test.want, w.Code, w.Body)
			require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
			require.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
		})
	}
}
