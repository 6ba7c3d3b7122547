package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	toxiclient "github.com/Shopify/toxiproxy/v2/client"
	"github.com/stretchr/testify/require"
)

// echoes gives the addresses of two services that give back what they get.
func echoes(t *testing.T) (streams, datagrams string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			})
		}
	})
	all.Go(func() {
		buf := make([]byte, 1<<16)
		for {
			n, from, err := socket.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = socket.WriteTo(buf[:n], from)
		}
	})
	t.Cleanup(func() {
		ln.Close()
		socket.Close()
		all.Wait()
	})
	return ln.Addr().String(), socket.LocalAddr().String()
}

func configFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "proxies.json")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	return file
}

// TestProxyCommand: proxies of both sorts stand before foreign programs, and
// one control API breaks both.
func TestProxyCommand(t *testing.T) {
	streams, datagrams := echoes(t)
	file := configFile(t, fmt.Sprintf(`[
		{"name": "web", "listen": "127.0.0.1:0", "upstream": "%s"},
		{"name": "dns", "listen": "127.0.0.1:0", "upstream": "%s", "network": "udp"},
		{"name": "off", "listen": "127.0.0.1:0", "upstream": "%[2]s", "network": "udp", "enabled": false}
	]`, streams, datagrams))
	said, out := io.Pipe()
	c := command{out: out, err: io.Discard}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var code int
	var command sync.WaitGroup
	command.Go(func() {
		code = c.dispatch(ctx, []string{"proxy", "-config", file, "-api", "127.0.0.1:0"})
		out.Close()
	})
	var text strings.Builder
	for buf := make([]byte, 4096); !strings.Contains(text.String(), "Ctrl-C ends it"); {
		n, err := said.Read(buf)
		require.NoError(t, err)
		text.Write(buf[:n])
	}
	require.Contains(t, text.String(), "disabled")
	api := toxiclient.NewClient(regexp.MustCompile(`http://(\S+);`).FindStringSubmatch(text.String())[1])

	all, err := api.Proxies()
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.False(t, all["off"].Enabled)
	for name, network := range map[string]string{"web": "tcp", "dns": "udp"} {
		conn, err := net.Dial(network, all[name].Listen)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
		echoed := func() {
			_, err := conn.Write([]byte("hello"))
			require.NoError(t, err)
			buf := make([]byte, 5)
			_, err = io.ReadFull(conn, buf)
			require.NoError(t, err)
			require.Equal(t, "hello", string(buf))
		}
		echoed()
		_, err = all[name].AddToxic("slow", "latency", "upstream", 1, toxiclient.Attributes{"latency": 1})
		require.NoError(t, err)
		echoed()
		require.NoError(t, all[name].RemoveToxic("slow"))
		echoed()
	}
	end()
	command.Wait()
	require.Equal(t, exitOK, code)
	for _, network := range []string{"tcp", "udp"} {
		name := map[string]string{"tcp": "web", "udp": "dns"}[network]
		require.NoError(t, opens(network, all[name].Listen), "the address is not free again")
	}
}

// opens tries whether an address is free.
func opens(network, addr string) error {
	if network == "udp" {
		socket, err := net.ListenPacket(network, addr)
		if err == nil {
			err = socket.Close()
		}
		return err
	}
	ln, err := net.Listen(network, addr)
	if err == nil {
		err = ln.Close()
	}
	return err
}

func TestProxyCommandMistakes(t *testing.T) {
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	good := configFile(t, `[{"name": "a", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9"}]`)
	for _, tc := range []struct {
		args []string
		says string
	}{
		{nil, "which proxies?"},
		{[]string{"-config", good, "extra"}, `unexpected "extra"`},
		{[]string{"-config", "nowhere.json"}, "read the configuration"},
		{[]string{"-config", configFile(t, `[{"name": "a",}]`)}, "proxies.json:1:15: invalid character"},
		{[]string{"-config", good, "-api", "0.0.0.0:0"}, "loopback address only"},
		{[]string{"-config", good, "-api", "x"}, "missing port"},
		{[]string{"-api", "127.0.0.1:0", "-config", configFile(t, fmt.Sprintf(`[{"name": "a", "listen": "%s", "upstream": "127.0.0.1:9", "network": "udp"}]`, taken.LocalAddr()))}, "give it another port"},
	} {
		var said bytes.Buffer
		c := command{out: io.Discard, err: &said}
		require.Equal(t, exitUsage, c.dispatch(t.Context(), append([]string{"proxy"}, tc.args...)), "%v", tc.args)
		require.Contains(t, said.String(), tc.says)
	}
}
