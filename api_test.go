//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	toxiclient "github.com/Shopify/toxiproxy/v2/client"
	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
)

// Who asks for it with -api can look at a live run, and meddle with it, by
// Toxiproxy's own tools.
func TestAPI(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := free.Addr().String()
	require.NoError(t, free.Close())
	script := scriptFile(t, "slow.scenario", "system notes\nworkload notes=2 every=5m\n")
	c := command{labs: testLabs(), words: world.Vocabulary(testLabs()), out: io.Discard, err: io.Discard, limit: time.Minute}
	ctx, interrupt := context.WithCancel(t.Context())
	var code int
	var run sync.WaitGroup
	run.Go(func() {
		code = c.dispatch(ctx, []string{"run", "-world", "live", "-variant", "hardened", "-out", t.TempDir(), "-api", addr, script})
	})
	defer run.Wait()
	defer interrupt()

	client := toxiclient.NewClient(addr)
	var link *toxiclient.Proxy
	require.Eventually(t, func() bool {
		proxies, err := client.Proxies()
		link = proxies["client->service"]
		return err == nil && link != nil && link.Enabled
	}, time.Minute, time.Millisecond)

	conn, err := net.Dial("tcp", link.Listen)
	require.NoError(t, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func() error {
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: service\r\nContent-Length: 4\r\n\r\nmine")
		resp, err := http.ReadResponse(answers, nil)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	require.NoError(t, ask())
	_, err = link.AddToxic("", "bandwidth", "", 1, toxiclient.Attributes{"rate": -1})
	require.ErrorContains(t, err, "rate: -1 is too low")
	_, err = link.AddToxic("", "reset_peer", "downstream", 1, nil)
	require.NoError(t, err)
	require.ErrorIs(t, ask(), syscall.ECONNRESET)

	interrupt()
	run.Wait()
	require.Equal(t, exitInterrupted, code)
	again, err := net.Listen("tcp", addr)
	require.NoError(t, err, "the address is free again")
	require.NoError(t, again.Close())
}
