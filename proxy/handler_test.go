package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	toxiclient "github.com/Shopify/toxiproxy/v2/client"
	"github.com/stretchr/testify/require"
)

func api(t *testing.T, l *link) (*toxiclient.Client, string) {
	t.Helper()
	s := httptest.NewServer(l.server.Handler())
	t.Cleanup(s.Close)
	return toxiclient.NewClient(s.URL), s.URL
}

func TestToxiproxysClientWorks(t *testing.T) {
	l := newLink(t)
	cl, _ := api(t, l)
	c := l.opened()
	p, err := cl.Proxy("client->service")
	require.NoError(t, err)
	require.Equal(t, l.Addr(), p.Listen)

	_, err = p.AddToxic("mine", Hold, "upstream", 1, nil)
	require.NoError(t, err)
	c.send("one")
	c.hearsNothing()
	require.NoError(t, p.RemoveToxic("mine"))
	c.receives("one")

	made, err := p.AddToxic("", "latency", "", 1, toxiclient.Attributes{"latency": 3600_000})
	require.NoError(t, err)
	require.Equal(t, "latency_downstream", made.Name)
	c.send("two")
	c.hearsNothing()
	made, err = p.UpdateToxic(made.Name, -1, toxiclient.Attributes{"jitter": 5})
	require.NoError(t, err)
	require.Equal(t, toxiclient.Attributes{"latency": 3600_000., "jitter": 5.}, made.Attributes)
	require.NoError(t, p.RemoveToxic(made.Name))
	c.receives("two")

	_, err = p.AddToxic("hole", "blackhole", "upstream", 1, nil)
	require.NoError(t, err)
	dead := l.dial()
	require.NoError(t, p.RemoveToxic("hole"))
	dead.echoes("fresh")
	_, err = p.AddToxic("hole", "blackhole", "upstream", 1, nil)
	require.NoError(t, err)
	dead.send("lost")
	dead.hearsNothing()
	require.NoError(t, p.RemoveToxic("hole"))
	require.NoError(t, dead.ends(), "it must not go on in the middle")

	c = l.opened()
	_, err = p.AddToxic("", "reset_peer", "upstream", 1, nil)
	require.NoError(t, err)
	c.send("three")
	require.ErrorIs(t, c.ends(), syscall.ECONNRESET, "a connection older than the toxic is reset as well")

	require.NoError(t, p.Disable())
	require.NoError(t, p.Enable())
	other, err := cl.CreateProxy("other", "127.0.0.1:0", l.Addr())
	require.NoError(t, err)
	_, err = other.AddToxic("", "slicer", "", 1, toxiclient.Attributes{"average_size": 1})
	require.NoError(t, err)
	require.NoError(t, cl.ResetState())
	_, err = cl.Populate([]toxiclient.Proxy{{Name: "third", Listen: "127.0.0.1:0", Upstream: l.Addr()}})
	require.NoError(t, err)
	require.NoError(t, other.Delete())
}

// A scenario's fault that somebody takes away would leave a run that shows
// nothing and looks as if it did.
func TestAScenariosToxicsAreItsOwn(t *testing.T) {
	l := newLink(t)
	cl, _ := api(t, l)
	in := l.inject("limit_data", attrs{"bytes": "1"}) // Toxiproxy's own, and so with a meter before each
	p, err := cl.Proxy("client->service")
	require.NoError(t, err)
	require.Len(t, p.ActiveToxics, 4, "a scenario's faults can be seen")
	for _, toxic := range p.ActiveToxics {
		_, err := p.UpdateToxic(toxic.Name, 0, nil)
		require.ErrorContains(t, err, "belongs to the running scenario")
		require.ErrorContains(t, p.RemoveToxic(toxic.Name), "HTTP 409")
	}
	_, err = p.AddToxic("fault-mine", Hold, "", 1, nil)
	require.ErrorContains(t, err, "take another one")

	require.ErrorContains(t, cl.ResetState(), "HTTP 409")
	require.ErrorContains(t, p.Delete(), "HTTP 409")
	down := l.inject(Down, nil)
	_, err = in.Heal(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, cl.ResetState(), "HTTP 409", "it would bring the link up")
	_, err = down.Heal(t.Context())
	require.NoError(t, err)
	require.NoError(t, cl.ResetState())
}

func TestBadRequestsAreRefused(t *testing.T) {
	l := newLink(t)
	cl, url := api(t, l)
	p, err := cl.Proxy("client->service")
	require.NoError(t, err)
	_, err = p.AddToxic("slicer", "slicer", "", 1, toxiclient.Attributes{"average_size": 10, "size_variation": 5})
	require.NoError(t, err)

	const toxics, slicer = "/proxies/client->service/toxics", "/proxies/client->service/toxics/slicer"
	for _, tc := range []struct{ path, body, says string }{
		{toxics, `{"type":"bandwidth","attributes":{"rate":0}}`, "rate: 0 is too low"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":-1}}`, "rate: -1 is too low"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":1,"RATE":-1}}`, "RATE: unknown"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":5},"Attributes":{"rate":-1}}`, "rate: -1 is too low"},
		{toxics, `{"type":"bandwidth"}`, "rate: is required"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":9223372036854775807}}`, "too high"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":1e300}}`, "no whole number"},
		{toxics, `{"type":"bandwidth","attributes":{"rate":"x"}}`, "bad request body"},
		{toxics, `{"type":"latency","attributes":{"latency":9223372036854775807}}`, "latency"},
		{toxics, `{"type":"latency","attributes":{"latency":-1}}`, "too low"},
		{toxics, `{"type":"latency","attributes":{"latency":1,"use":1}}`, "use: unknown"},
		{toxics, `{"type":"slicer"}`, "average_size: is required"},
		{toxics, `{"type":"slicer","attributes":{"average_size":1,"size_variation":1}}`, "less than average_size"},
		{toxics, `{"type":"timeout","attributes":{"timeout":-5}}`, "too low"},
		{toxics, `{"type":"down"}`, "invalid toxic type"},
		{toxics, `{"type":"meter"}`, "invalid toxic type"},
		{toxics, `{"type":"hold","stream":"sideways"}`, "stream was invalid"},
		{toxics, `{"type":"hold","toxicity":7}`, "toxicity"},
		{toxics, `{"type":"hold"} {"type":"hold"}`, "something follows"},
		{toxics, `{`, "bad request body"},
		{slicer, `{"attributes":{"size_variation":10}}`, "less than average_size"},
		{slicer, `{"attributes":{"average_size":0}}`, "too low"},
		{slicer, `[]`, "bad request body"},
		{slicer + "x", `{}`, "toxic not found"},
		{"/proxies/nobody/toxics/x", `{}`, "proxy not found"},
		{"/proxies", `{"name":"x","listen":"0.0.0.0:0","upstream":"127.0.0.1:1"}`, "not on this machine"},
		{"/proxies", `{"name":"x","listen":"127.0.0.1:0","upstream":"192.0.2.1:1"}`, "not on this machine"},
		{"/proxies", `{"name":"x","upstream":"127.0.0.1:1"}`, "listen"},
		{"/proxies", `{"listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}`, "name: is required"},
		{"/proxies/client->service", `{"upstream":"example.com:80"}`, "no IP address"},
		{"/proxies/client->service", `{"listen":"[::]:80"}`, "not on this machine"},
		{"/populate", `[{"name":"x","listen":":0","upstream":"127.0.0.1:1"}]`, "proxy 1: listen"},
		{"/populate", `[` + strings.Repeat(" ", maxBody) + `]`, "too large"},
	} {
		t.Run(tc.path+" "+tc.body[:min(len(tc.body), 60)], func(t *testing.T) {
			resp, err := http.Post(url+tc.path, "application/json", strings.NewReader(tc.body))
			require.NoError(t, err)
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			var said toxiclient.ApiError
			require.NoError(t, json.Unmarshal(text, &said), "%s", text)
			require.Contains(t, said.Message, tc.says)
			require.Equal(t, resp.StatusCode, said.Status)
			require.Contains(t, []int{http.StatusBadRequest, http.StatusNotFound}, said.Status)
		})
	}
	l.opened()
}

// A web page whose name leads to 127.0.0.1 must not be able to talk to us.
func TestOnlyThisMachineIsAnswered(t *testing.T) {
	h := NewServer().Handler()
	for host, status := range map[string]int{
		"127.0.0.1:8474": 200, "localhost:8474": 200, "[::1]:8474": 200, "127.0.0.1": 200, "[::1]": 200,
		"example.com:8474": 403, "192.0.2.1:8474": 403, "127.0.0.1.example.com": 403, "": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/version", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, status, w.Code, host)
	}
}
