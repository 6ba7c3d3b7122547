//go:build unix

package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
)

// startServe starts `faultlab serve` on ports that are free, and waits until
// all is up. at tells where each proxy is, and the API.
func startServe(t *testing.T, args ...string) (c *child, at map[string]string) {
	t.Helper()
	c = newServe(t, append([]string{"-api", "127.0.0.1:0"}, args...)...)
	both, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.cmd.Stderr = c.cmd.Stdout
	c.stderr = bufio.NewScanner(both)
	require.NoError(t, c.cmd.Start())
	return c, c.isUp()
}

func newServe(t *testing.T, args ...string) *child {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel) // and one that does not end fails
	c := &child{t: t, temp: t.TempDir()}
	c.cmd = exec.CommandContext(ctx, os.Args[0], append([]string{"serve"}, args...)...)
	c.cmd.Env = append(os.Environ(), asCommand+"=1m", "TMPDIR="+c.temp)
	return c
}

// isUp waits for the welcome, and reads the addresses in it.
func (c *child) isUp() (at map[string]string) {
	c.t.Helper()
	c.reads("Ctrl-C ends it")
	at = map[string]string{}
	said := strings.Join(c.said, "\n")
	for _, m := range regexp.MustCompile(`(?m)^  (\S+->\S+) +(\S+)$`).FindAllStringSubmatch(said, -1) {
		at[m[1]] = m[2]
	}
	if m := regexp.MustCompile(`control API is on (\S+)\.`).FindStringSubmatch(said); m != nil {
		at["api"] = m[1]
	}
	return at
}

// post sends a body over a connection of its own.
func post(url, body string) (status int, answer string, err error) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Post(url, "text/plain", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

func TestServe(t *testing.T) {
	t.Parallel()
	disks := filepath.Join(t.TempDir(), "kept")
	c, at := startServe(t, "-port", "8000=0", "-disk", disks, "sensor/original")
	collector, toxics := "http://"+at["client->collector"], "http://"+at["api"]+"/proxies/client-%3Ecollector/toxics"
	require.Contains(t, strings.Join(c.said, "\n"), "curl -d '{\"type\": \"latency\", \"attributes\": {\"latency\": 1000}}' "+toxics)
	require.Contains(t, at, "forwarder->collector")
	require.Subset(t, c.listening(), []string{at["client->collector"], at["forwarder->collector"], at["api"]})

	_, answer, err := post(collector, "paul 13.2 64.2 1001")
	require.NoError(t, err)
	require.Equal(t, "ACK 1001", answer)

	// The answer is lost; the reading is not.
	status, answer, err := post(toxics, `{"type": "limit_data", "attributes": {"bytes": 0}}`)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
	_, _, err = post(collector, "paul 13.2 64.2 1002")
	require.Error(t, err)

	require.NoError(t, c.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, exitOK, c.ends(), c.said)
	c.leavesNothing()
	kept, err := os.ReadFile(filepath.Join(disks, "disk-core", "server-paul.log"))
	require.NoError(t, err)
	require.Equal(t, "paul 13.2 64.2 1001\npaul 13.2 64.2 1002\n", string(kept))

	again, _ := startServe(t, "-port", "8000=0", "-disk", disks, "sensor/original")
	code, _, said := faultlab(t, "serve", "-api", "127.0.0.1:0", "-port", "8000=0", "-disk", disks, "sensor")
	require.Equal(t, exitUsage, code)
	require.Contains(t, said, "another run uses these disks")
	require.NoError(t, again.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, exitOK, again.ends(), again.said)
}

func TestServedNodeThatDiesStaysDead(t *testing.T) {
	t.Parallel()
	c, at := startServe(t, "-port", "8000=0", "-param", "sensors=2", "sensor")
	require.Contains(t, at, "forwarder2->collector")
	for _, pid := range c.processes() {
		p := process.Process{Pid: pid}
		if line, err := p.Cmdline(); err == nil && line == "faultlab-node collector" {
			require.NoError(t, p.Kill())
		}
	}
	c.reads("collector has ended: crashed (signal: killed)")
	require.Contains(t, c.said[len(c.said)-1], "not started again")
	for _, way := range []string{"client->collector", "forwarder->collector"} {
		_, err := net.Dial("tcp", at[way])
		require.ErrorIs(t, err, syscall.ECONNREFUSED, way)
	}
	require.NoError(t, c.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, exitUnknown, c.ends(), c.said)
	c.leavesNothing()
}

func TestServeOnATakenPort(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	taken := ln.Addr().String()
	_, port, err := net.SplitHostPort(taken)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		api, port string
		says      []string
	}{
		"a documented one": {"127.0.0.1:0", port, []string{"port 8000 of collector", taken, "-port 8000=9000"}},
		"the API's":        {taken, "0", []string{"control API", taken, "-api"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, said := faultlab(t, "serve", "-api", test.api, "-port", "8000="+test.port, "sensor")
			require.Equal(t, exitUsage, code)
			require.NotContains(t, out, "is up")
			for _, part := range test.says {
				require.Contains(t, said, part)
			}
		})
	}
}

func TestServeUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no lab":            {nil, "takes one lab"},
		"two labs":          {[]string{"sensor", "fragile"}, "takes one lab"},
		"unknown lab":       {[]string{"sensr"}, "did you mean sensor?"},
		"unknown variant":   {[]string{"sensor/orginal"}, "it has original, hardened"},
		"no parameter":      {[]string{"-param", "readings", "sensor"}, "write it like readings=100"},
		"unknown parameter": {[]string{"-param", "reading=3", "sensor"}, "-param reading: unknown"},
		"no port":           {[]string{"-port", "8000", "sensor"}, "write it like 8000=9000"},
		"no such port":      {[]string{"-port", "8001=9000", "sensor"}, "documents the ports [8000] only"},
		"nobody can sit":    {[]string{"-as", "collector", "sensor"}, "no node of lab sensor takes a person"},
		"not at that node":  {[]string{"-as", "server", "greeting"}, "in lab greeting a person can sit at client only"},
		"only people":       {[]string{"talk/original"}, "\n  faultlab serve -as ann talk/original\n  faultlab serve -as bob talk/original"},
		"to, but not as":    {[]string{"-to", "server=127.0.0.1:9000", "greeting"}, "say with -as which it is"},
		"to without where":  {[]string{"-as", "client", "-to", "server", "greeting"}, "write it like davide=127.0.0.1:9000"},
		"to nobody":         {[]string{"-as", "client", "-to", "sever=127.0.0.1:9000", "greeting"}, "client dials [server] only"},
		"to the world":      {[]string{"-as", "client", "-to", "server=192.0.2.1:9000", "greeting"}, "no loopback address"},
		"another's port":    {[]string{"-as", "ann", "-port", "7102=0", "talk/original"}, "ann documents the ports [7101] only"},
		"api to the world":  {[]string{"-api", "0.0.0.0:0", "sensor"}, "loopback address only"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, said := faultlab(t, append([]string{"serve"}, test.args...)...)
			require.Equal(t, exitUsage, code)
			require.Contains(t, said, test.want)
		})
	}
}
