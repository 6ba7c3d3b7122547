package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os/exec"
	"runtime"
	"time"

	"faultlab/reports/demo"
)

const demoHelp = `Serves a page on which you pick a scenario, drag its faults along the time, add
and remove some, and see at once what becomes of the lab as it was documented
and of the hardened one. Guided tours ask before they show. A switch runs the
same script in real processes.

The page is for this machine alone. The link that it shows carries the script,
so that a lesson can be handed out. Ctrl-C ends it, and all that it started.

Exit codes: 0 you ended it; 2 it could not be served.
`

func (c command) demo(ctx context.Context, args []string) int {
	fs := c.newFlags("demo", demoHelp)
	addr := fs.String("addr", "127.0.0.1:8484", "loopback `address` to serve the page on; port 0 is any free one")
	noBrowser := fs.Bool("no-browser", false, "do not open a browser")
	rest, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return c.usage("demo: it takes no arguments, and %q is one; scenarios are picked on the page", rest[0])
	}
	if a, err := netip.ParseAddrPort(*addr); err != nil || !a.Addr().IsLoopback() {
		return c.usage("demo: -addr %s is no loopback address and port; write it like 127.0.0.1:8484", *addr)
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return c.usage("demo: %v; end what listens there, or serve elsewhere with -addr 127.0.0.1:0", err)
	}
	defer listener.Close()
	url := fmt.Sprintf("http://%s/", listener.Addr())
	up := func() {
		fmt.Fprintf(c.out, "The demo is on %s; Ctrl-C ends it.\n", url)
		if !*noBrowser {
			c.open(url)
		}
	}
	if err := c.serveDemo(ctx, listener, up); err != nil {
		return c.usage("demo: %v", err)
	}
	return exitOK
}

// serveDemo serves the page until ctx ends. When it returns, all that was
// started for it has ended.
func (c command) serveDemo(ctx context.Context, listener net.Listener, up func()) error {
	w, err := c.openWorlds()
	if err != nil {
		return err
	}
	defer w.close(cap(w.free))
	worlds := demo.Worlds{Labs: c.labs, Words: c.words, Virtual: w.virtual}
	if defaultWorlds() == "both" {
		worlds.Live = w.live
	}
	pages, err := demo.Handler(worlds)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           pages,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	up()
	select {
	case err := <-ended:
		return fmt.Errorf("serve the page: %w", err)
	case <-ctx.Done():
	}
	// The requests end with ctx, and the processes of live runs with them.
	return server.Shutdown(context.WithoutCancel(ctx))
}

// open shows the page in the person's browser, if there is one.
func (c command) open(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(c.err, "note: no browser could be opened; open the address in one")
		return
	}
	go cmd.Wait() // some stay as long as the browser
}
