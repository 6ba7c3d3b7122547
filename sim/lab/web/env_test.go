package web_test

import (
	"context"
	"fmt"
	"net"
	"sync"

	"faultlab/sim/lab/labtest"
)

// host counts what it dials and keeps what it prints, too.
type host struct {
	labtest.Host

	mu    sync.Mutex
	dials int
	lines []string
}

func newHost(name string, port *labtest.Port) *host {
	return &host{Host: labtest.Host{Name: name, Port: port}}
}

func (h *host) Dial(ctx context.Context, to string) (net.Conn, error) {
	h.mu.Lock()
	h.dials++
	h.mu.Unlock()
	return h.Host.Dial(ctx, to)
}

func (h *host) Printf(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}
