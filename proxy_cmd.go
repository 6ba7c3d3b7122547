package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"faultlab/proxy"
)

const proxyHelp = `Runs proxies in front of programs of your own, until Ctrl-C. FILE is a
configuration of Toxiproxy, in which "network": "udp" asks for a relay of
datagrams:

  [
    {"name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379"},
    {"name": "dns", "listen": "127.0.0.1:2053", "upstream": "127.0.0.1:53", "network": "udp"}
  ]

"enabled": false keeps one closed at first. Listen and upstream must be loopback
addresses. Break them through the control API, with curl or toxiproxy-cli: on
streams with the toxics of Toxiproxy, on both with these besides:

  hold, blackhole, drop

and on datagrams with these, or latency and bandwidth:

  loss, duplicate, reorder, corrupt, truncate

  curl -d '{"type": "loss", "attributes": {"probability": 30}}' 127.0.0.1:8474/proxies/dns/toxics

` + "`faultlab help scenarios`" + ` tells what each does, and its attributes. In JSON,
durations are whole milliseconds.

Exit codes: 0 you ended it; 2 the configuration is wrong, or a port was taken.
`

func (c command) proxy(ctx context.Context, args []string) int {
	fs := c.newFlags("proxy", proxyHelp)
	config := fs.String("config", "", "read the proxies from this `FILE`")
	api := fs.String("api", "127.0.0.1:8474", "serve the control API at this `ADDR`, on loopback")
	rest, code, ok := c.parse(fs, args)
	switch {
	case !ok:
		return code
	case len(rest) > 0:
		return c.usage("proxy: unexpected %q", rest[0])
	case *config == "":
		return c.usage("proxy: which proxies? Give a configuration with -config FILE; `faultlab help proxy` shows one")
	}
	text, err := os.ReadFile(*config)
	if err != nil {
		return c.usage("proxy: read the configuration: %v", err)
	}
	entries, err := proxy.ReadConfig(*config, text)
	if err != nil {
		return c.usage("proxy: %v", err)
	}
	if err := c.runProxies(ctx, entries, *api); err != nil {
		return c.usage("proxy: %v", err)
	}
	return exitOK
}

// runProxies opens the proxies and serves the control API until ctx ends.
func (c command) runProxies(ctx context.Context, entries []proxy.Config, api string) (err error) {
	ln, err := listenAPI(api)
	if err != nil {
		return fmt.Errorf("serve the control API on %s: %w", api, err)
	}
	server := proxy.NewServer()
	control := &http.Server{Handler: server.Handler(), ReadHeaderTimeout: 5 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = control.Serve(ln) }) // ends with Close
	defer func() {
		err = errors.Join(err, control.Close(), server.Close())
		serving.Wait()
	}()
	var table strings.Builder
	rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		addr, err := server.Open(ctx, e)
		if err != nil {
			return err
		}
		note := ""
		if e.Disabled {
			note = "\tdisabled"
		}
		fmt.Fprintf(rows, "%s\t%s\t%s -> %s%s\n", e.Name, e.Network, addr, e.Upstream, note)
	}
	rows.Flush()
	fmt.Fprintf(c.out, "%scontrol API: http://%s; Ctrl-C ends it\n", table.String(), ln.Addr())
	<-ctx.Done()
	return nil
}

func listenAPI(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, errors.New("it may listen on a loopback address only, such as 127.0.0.1:8474")
	}
	return net.Listen("tcp", addr)
}
