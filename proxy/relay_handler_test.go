package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	toxiclient "github.com/Shopify/toxiproxy/v2/client"
	"github.com/stretchr/testify/require"
)

// relayAPI serves the control API of a relay's server.
func relayAPI(t *testing.T, l *relayLink) (client *toxiclient.Client, url string) {
	t.Helper()
	s := httptest.NewServer(l.server.Handler())
	t.Cleanup(s.Close)
	return toxiclient.NewClient(s.URL), s.URL
}

// ask sends a request and gives the answer's status and body.
func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// Toxiproxy's own client works on a relay as it does on a proxy.
func TestToxiproxysClientWorksOnARelay(t *testing.T) {
	l := newRelayLink(t, Limits{})
	cl, url := relayAPI(t, l)
	c := l.dial()
	streams, err := cl.CreateProxy("streams", "127.0.0.1:0", "127.0.0.1:9")
	require.NoError(t, err)
	all, err := cl.Proxies()
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, streams.Listen, all["streams"].Listen)
	p := all["client->service"]
	require.Equal(t, l.Addr(), p.Listen)
	require.True(t, p.Enabled)

	hold, err := p.AddToxic("", "hold", "upstream", 1, nil)
	require.NoError(t, err)
	require.Equal(t, "hold_upstream", hold.Name)
	c.send("one")
	require.NoError(t, l.flush(t.Context()))
	got, _ := l.seen()
	require.Empty(t, got)
	require.NoError(t, p.RemoveToxic("hold_upstream"))
	c.receives("one")

	made, err := p.AddToxic("", "reorder", "", 1, toxiclient.Attributes{"probability": 100, "delay": 3600_000})
	require.NoError(t, err)
	require.Equal(t, toxiclient.Attributes{"probability": 100., "gap": 1., "delay": 3600_000.}, made.Attributes)
	made, err = p.UpdateToxic(made.Name, -1, toxiclient.Attributes{"delay": 0})
	require.NoError(t, err)
	require.Equal(t, toxiclient.Attributes{"probability": 100., "gap": 1., "delay": 0.}, made.Attributes)
	c.echoes("two")
	list, err := p.Toxics()
	require.NoError(t, err)
	require.Len(t, list, 1)

	require.NoError(t, p.Disable())
	c.send("lost")
	require.NoError(t, l.flush(t.Context()))
	require.NoError(t, cl.ResetState())
	list, err = p.Toxics()
	require.NoError(t, err)
	require.Empty(t, list)
	c.echoes("three")

	require.NoError(t, p.Delete())
	_, err = cl.Proxy("client->service")
	require.ErrorContains(t, err, "not found")
	code, text := ask(t, "POST", url+"/proxies", `{"name": "again", "network": "udp", "listen": "`+l.Addr()+`", "upstream": "`+l.service.LocalAddr().String()+`"}`)
	require.Equal(t, http.StatusCreated, code, text)
	var body relayBody
	require.NoError(t, json.Unmarshal([]byte(text), &body))
	require.Equal(t, relayBody{Name: "again", Listen: l.Addr(), Upstream: l.service.LocalAddr().String(), Enabled: true, Network: "udp", Toxics: []relayToxic{}}, body)
	c.echoes("four")
}

func TestBadRequestsForRelays(t *testing.T) {
	l := newRelayLink(t, Limits{})
	_, url := relayAPI(t, l)
	relay := url + "/proxies/client-%3Eservice"
	code, text := ask(t, "POST", relay+"/toxics", `{"name": "mine", "type": "loss", "attributes": {"probability": 50}}`)
	require.Equal(t, http.StatusOK, code, text)
	for _, tc := range []struct {
		method, path, body string
		code               int
		says               string
	}{
		{"POST", "/toxics", `{"type": "slicer", "attributes": {"average_size": 5}}`, 400, "on datagrams there are"},
		{"POST", "/toxics", `{"type": "down"}`, 400, "on datagrams there are"},
		{"POST", "/toxics", `{"type": "loss"}`, 400, "probability: is required"},
		{"POST", "/toxics", `{"type": "loss", "attributes": {"probability": 101}}`, 400, "too high"},
		{"POST", "/toxics", `{"type": "loss", "attributes": {"probability": 0.5}}`, 400, "no whole number"},
		{"POST", "/toxics", `{"type": "hold", "toxicity": 0.5}`, 400, "toxicity"},
		{"POST", "/toxics", `{"type": "hold", "stream": "sideways"}`, 400, "stream"},
		{"POST", "/toxics", `{"name": "mine", "type": "hold"}`, 409, "already exists"},
		{"POST", "/toxics", `{`, 400, "bad request body"},
		{"PATCH", "/toxics/mine", `{"attributes": {"probability": 0}}`, 400, "too low"},
		{"PATCH", "/toxics/yours", `{}`, 404, "not found"},
		{"DELETE", "/toxics/yours", ``, 404, "not found"},
		{"GET", "/toxics/yours", ``, 404, "not found"},
		{"PATCH", "", `{"listen": "127.0.0.1:1"}`, 400, "cannot be changed"},
		{"PATCH", "", `{"upstream": "192.0.2.1:1"}`, 400, "not on this machine"},
	} {
		code, text := ask(t, tc.method, relay+tc.path, tc.body)
		require.Equal(t, tc.code, code, "%s %s %s: %s", tc.method, tc.path, tc.body, text)
		require.Contains(t, text, tc.says, "%s %s %s", tc.method, tc.path, tc.body)
	}
	for path, body := range map[string]string{
		"/proxies":  `{"name": "x", "network": "sctp", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}`,
		"/populate": `[{"name": "x", "network": "udp", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}]`,
	} {
		code, text := ask(t, "POST", url+path, body)
		require.Equal(t, http.StatusBadRequest, code, text)
		require.Contains(t, text, "network")
	}
	for _, network := range []string{"tcp", "udp"} {
		code, text := ask(t, "POST", url+"/proxies", `{"name": "client->service", "network": "`+network+`", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}`)
		require.Equal(t, http.StatusConflict, code, "two proxies of one name: %s", text)
	}
	code, text = ask(t, "GET", relay+"/toxics/mine", "")
	require.Equal(t, http.StatusOK, code)
	require.JSONEq(t, `{"name": "mine", "type": "loss", "stream": "downstream", "toxicity": 1, "attributes": {"probability": 50}}`, text)
}

// Who meddles with a run cannot end its faults.
func TestTheAPIKeepsOffAScenariosPacketFaults(t *testing.T) {
	l := newRelayLink(t, Limits{})
	_, url := relayAPI(t, l)
	f := l.fault(Hold, nil)
	for method, path := range map[string]string{"POST": "/reset", "DELETE": "/proxies/client-%3Eservice"} {
		code, text := ask(t, method, url+path, "")
		require.Equal(t, http.StatusConflict, code)
		require.Contains(t, text, "fault of the running scenario")
	}
	l.heals(f)
	code, _ := ask(t, "POST", url+"/reset", "")
	require.Equal(t, http.StatusNoContent, code)
}

// On a stream, an attribute of datagrams would do nothing, and look as if it did.
func TestAProxyRefusesWhatIsOfDatagrams(t *testing.T) {
	l := newLink(t)
	cl, _ := api(t, l)
	p, err := cl.Proxy("client->service")
	require.NoError(t, err)
	_, err = p.AddToxic("", "bandwidth", "", 1, toxiclient.Attributes{"rate": 5, "queue": 100})
	require.ErrorContains(t, err, "queue: acts on datagrams")
	_, err = p.AddToxic("", "loss", "", 1, toxiclient.Attributes{"probability": 5})
	require.ErrorContains(t, err, "invalid toxic type")
}
