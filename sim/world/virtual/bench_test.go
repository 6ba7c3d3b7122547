package virtual

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
	"faultlab/sim/world"
)

const (
	theLink = "client->service"
	thePort = 7007
)

// bench is a link between two nodes that run nothing, in a bubble: the test
// itself acts for both.
type bench struct {
	t               *testing.T
	c               *cluster
	client, service env
	ln              net.Listener
	events          *events
}

// onBench runs f in a bubble. Everything must be gone when it returns, or the
// bubble says so.
func onBench(t *testing.T, f func(b *bench)) {
	t.Helper()
	onLink(t, lab.Link{From: "client", To: "service", Port: thePort}, func(b *bench) {
		b.listen()
		f(b)
	})
}

// onLink is onBench with nobody at the link's port.
func onLink(t *testing.T, link lab.Link, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sys := &lab.System{
			Nodes: func(lab.Params) []lab.Node {
				return []lab.Node{{Name: "client", Host: "here"}, {Name: "service", Host: "there"}}
			},
			Links: func(lab.Params) []lab.Link { return []lab.Link{link} },
		}
		b := &bench{t: t, events: new(events)}
		b.c = newCluster(world.Spec{System: sys, Scenario: new(scenarios.Scenario), Seed: 1}, b.events)
		defer b.c.close()
		b.client, b.service = b.start("client", 1), b.start("service", 1)
		f(b)
	})
}

// start gives a node a life.
func (b *bench) start(name string, incarnation int) env {
	n := newNode(b.c, name, world.Boot{Incarnation: incarnation})
	b.c.mu.Lock()
	b.c.nodes[name] = n
	b.c.mu.Unlock()
	return env{n}
}

func (b *bench) listen() {
	var err error
	b.ln, err = b.service.Listen(thePort)
	require.NoError(b.t, err)
	require.NoError(b.t, b.c.Open(b.t.Context(), theLink))
}

// connect gives both ends of a new connection.
func (b *bench) connect() (client, service end) {
	b.t.Helper()
	dialled, err := b.client.Dial(b.t.Context(), "service")
	require.NoError(b.t, err)
	accepted, err := b.ln.Accept()
	require.NoError(b.t, err)
	return end{b.t, dialled}, end{b.t, accepted}
}

func (b *bench) inject(kind string, given map[string]string) world.LinkFault {
	b.t.Helper()
	list := make(param.List, 0, len(given))
	for name := range given {
		list = append(list, param.Param{Name: name, Default: ""})
	}
	values, err := list.Parse(given)
	require.NoError(b.t, err)
	in, err := b.c.Inject(b.t.Context(), theLink, proxy.Fault{Kind: kind, Upstream: true, Downstream: true, Values: values, Seed: 1})
	require.NoError(b.t, err)
	return in
}

func (b *bench) heal(in world.LinkFault) proxy.Effect {
	b.t.Helper()
	effect, err := in.Heal(b.t.Context())
	require.NoError(b.t, err)
	return effect
}

// after lets a time pass, and what others do in it be seen.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// end is one end of a connection.
type end struct {
	t *testing.T
	net.Conn
}

// long is more than any hop takes.
const long = time.Second

func (e end) send(text string) {
	e.t.Helper()
	_, err := io.WriteString(e, text)
	require.NoError(e.t, err)
}

func (e end) receives(text string) {
	e.t.Helper()
	got := make([]byte, len(text))
	require.NoError(e.t, e.SetReadDeadline(time.Now().Add(2*time.Hour)))
	n, err := io.ReadFull(e, got)
	require.Equal(e.t, text, string(got[:n]))
	require.NoError(e.t, err)
}

func (e end) hearsNothing() {
	e.t.Helper()
	require.NoError(e.t, e.SetReadDeadline(time.Now().Add(long)))
	n, err := e.Read(make([]byte, 100))
	require.ErrorIs(e.t, err, os.ErrDeadlineExceeded)
	require.Zero(e.t, n)
}

// ends reads to the end, and returns what came before it and the error, nil
// for an orderly one.
func (e end) ends() (string, error) {
	e.t.Helper()
	require.NoError(e.t, e.SetReadDeadline(time.Now().Add(2*time.Hour)))
	text, err := io.ReadAll(e)
	require.False(e.t, errors.Is(err, os.ErrDeadlineExceeded), "it does not end")
	return string(text), err
}

// events are the hooks of a run that only takes notes.
type events struct {
	mu      sync.Mutex
	list    []history.Event
	refused int
	exited  []error
	met     int
}

func (h *events) Record(e history.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, e)
}

func (h *events) Exited(_ string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.exited = append(h.exited, err)
}

func (h *events) Waiting(string) {}

func (h *events) Met(string, int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.met++
}

func (h *events) Refused(string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused++
}
