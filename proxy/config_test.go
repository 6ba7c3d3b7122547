package proxy

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadConfig(t *testing.T) {
	all, err := ReadConfig("proxies.json", []byte(`[
  {"name": "a", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2"},
  {"name": "b", "listen": "[::1]:1", "upstream": "127.0.0.1:2", "network": "udp", "enabled": false},
  {"name": "c", "listen": "127.0.0.1:3", "upstream": "127.0.0.1:4", "network": "tcp", "enabled": true}
]
`))
	require.NoError(t, err)
	require.Equal(t, []Config{
		{Name: "a", Listen: "127.0.0.1:1", Upstream: "127.0.0.1:2", Network: "tcp"},
		{Name: "b", Listen: "[::1]:1", Upstream: "127.0.0.1:2", Network: "udp", Disabled: true},
		{Name: "c", Listen: "127.0.0.1:3", Upstream: "127.0.0.1:4", Network: "tcp"},
	}, all)
}

func TestMistakesInAConfigHaveTheirPlace(t *testing.T) {
	const good = `{"name": "a", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2"}`
	for _, tc := range []struct{ text, says string }{
		{``, "x.json:1:1: unexpected end of JSON input"},
		{`{}`, "x.json:1:1: a configuration is a list"},
		{`[]`, "x.json:1:1: a configuration is a list"},
		{`[` + good, "unexpected end of JSON input"},
		{`[` + good + `] []`, fmt.Sprintf("x.json:1:%d: invalid character '[' after top-level value", len(good)+4)},
		{"[\n  " + good + ",\n  {\"name\": \"b\",, }]", "x.json:3:16: invalid character ','"},
		{"[\n  " + good + ",\n  {\"name\": 7}]", "x.json:3:3: json: cannot unmarshal number"},
		{"[\n  " + good + ",\n  " + good + "]", `x.json:3:3: name: a second "a"`},
		{"[\n  {\"name\": \"a\", \"listen\": \"127.0.0.1:1\"}]", `x.json:2:3: upstream ""`},
		{"[\n  {\"listen\": \"127.0.0.1:1\", \"upstream\": \"127.0.0.1:2\"}]", "x.json:2:3: name: is required"},
		{`[{"name": "a", "listen": "0.0.0.0:1", "upstream": "127.0.0.1:2"}]`, "x.json:1:2: listen 0.0.0.0:1 is not on this machine"},
		{`[{"name": "a", "listen": "localhost:1", "upstream": "127.0.0.1:2"}]`, "write it like 127.0.0.1:8000"},
		{`[{"name": "a", "listen": "127.0.0.1:1", "upstream": "192.0.2.1:2"}]`, "upstream 192.0.2.1:2 is not on this machine"},
		{`[{"name": "a", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2", "network": "sctp"}]`, `network: "sctp" is neither tcp nor udp`},
		{`[{"name": "a", "listen": "127.0.0.1:1", "upstraem": "127.0.0.1:2"}]`, `unknown field "upstraem"`},
	} {
		_, err := ReadConfig("x.json", []byte(tc.text))
		require.ErrorContains(t, err, tc.says, tc.text)
		require.Regexp(t, `^x\.json:\d+:\d+: `, err.Error())
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add([]byte(`[{"name": "a", "listen": "127.0.0.1:1", "upstream": "127.0.0.1:2", "network": "udp"}]`))
	f.Add([]byte("[\n{\"name\": \"é\",, }]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := ReadConfig("x.json", text)
		if err != nil {
			require.Regexp(t, `^x\.json:\d+:\d+: `, err.Error())
			return
		}
		for _, c := range all {
			_, err := loopback("listen", c.Listen)
			require.NoError(t, err)
			_, err = loopback("upstream", c.Upstream)
			require.NoError(t, err)
		}
	})
}
