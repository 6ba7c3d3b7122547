package labtest

import (
	"context"
	"net"
	"sync"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// Host is the Env of a node with one port: the one that it listens at, and that it
// reaches whatever it dials.
type Host struct {
	lab.Env
	Name string
	Port *Port
	Busy bool // it has no capacity for a request

	mu     sync.Mutex
	Events []history.Event // what was recorded
}

// Each method is the Env's of that name.

func (h *Host) Node() lab.Node { return lab.Node{Name: h.Name} }

func (h *Host) Listen(int) (net.Listener, error) { return h.Port, nil }

func (h *Host) Dial(ctx context.Context, _ string) (net.Conn, error) { return h.Port.Dial(ctx) }

func (h *Host) Overloaded() bool { return h.Busy }

func (h *Host) Record(e history.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Events = append(h.Events, e)
}
