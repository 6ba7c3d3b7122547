package rpc_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
)

// host is the Env of a node with one port and a way to another's.
type host struct {
	lab.Env
	name       string
	port       *port
	overloaded bool

	mu     sync.Mutex
	events []history.Event
}

func (h *host) Node() lab.Node { return lab.Node{Name: h.name} }

func (h *host) Listen(int) (net.Listener, error) { return h.port, nil }

func (h *host) Dial(ctx context.Context, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case h.port.conns <- far:
		return near, nil
	case <-h.port.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *host) Overloaded() bool { return h.overloaded }

func (h *host) Record(e history.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// port is a listener without a network: connections are pipes.
type port struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func newPort() *port {
	p := &port{conns: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *port) Close() error {
	p.close()
	return nil
}

func (p *port) Addr() net.Addr { return &net.TCPAddr{} }

// slow takes its time.
type slow struct {
	health.UnimplementedHealthServer
	takes time.Duration
	done  int
}

func (s *slow) Check(ctx context.Context, _ *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	select {
	case <-time.After(s.takes):
		s.done++
		return &health.HealthCheckResponse{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestCall(t *testing.T) {
	send := history.Event{Kind: history.Send, Op: "Check", ID: "x", Source: "s", Seq: 3, Link: "client->server", Msg: "Check x"}
	recv := send
	recv.Kind, recv.Msg = history.Recv, "re Check x"
	failed := func(code codes.Code) history.Event {
		e := send
		e.Kind, e.Msg, e.Detail = history.Decide, "", "the call has failed: "+code.String()
		return e
	}
	for _, tc := range []struct {
		name       string
		takes      time.Duration
		down       bool // nobody listens
		overloaded bool
		stop       time.Duration // when the server is asked to end; 0: not
		code       codes.Code
		refused    bool
		done       int
		events     []history.Event
	}{
		{name: "answered", done: 1, events: []history.Event{send, recv}},
		{name: "nothing was sent", down: true, code: codes.Unavailable, refused: true},
		{name: "turned away", overloaded: true, code: codes.ResourceExhausted, refused: true, events: []history.Event{send, failed(codes.ResourceExhausted)}},
		{name: "too late", takes: 10 * time.Second, code: codes.DeadlineExceeded, events: []history.Event{send, failed(codes.DeadlineExceeded)}},
		{name: "what has begun may finish", takes: 900 * time.Millisecond, stop: 100 * time.Millisecond, done: 1, events: []history.Event{send, recv}},
		{name: "unless it takes too long", takes: 4 * time.Second, stop: 100 * time.Millisecond, code: codes.Unavailable, events: []history.Event{send, failed(codes.Unavailable)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPort()
				server, client := &host{name: "server", port: p, overloaded: tc.overloaded}, &host{name: "client", port: p}
				service := &slow{takes: tc.takes}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ended := make(chan error, 1)
				if tc.down {
					p.close()
					ended <- nil
				} else {
					go func() {
						ended <- rpc.Serve(ctx, server, 50051, func(s *grpc.Server) { health.RegisterHealthServer(s, service) })
					}()
				}
				if tc.stop > 0 {
					time.AfterFunc(tc.stop, cancel)
				}
				conn, err := rpc.Dial(client, "server")
				require.NoError(t, err)
				call, hangUp := context.WithTimeout(rpc.About(t.Context(), history.Event{ID: "x", Source: "s", Seq: 3}), 5*time.Second)
				defer hangUp()
				_, err = health.NewHealthClient(conn).Check(call, &health.HealthCheckRequest{})
				require.Equal(t, tc.code, status.Code(err), "%v", err)
				require.Equal(t, tc.refused, rpc.Refused(err), "%v", err)
				require.Equal(t, tc.events, client.events)
				require.NoError(t, conn.Close())
				cancel()
				require.NoError(t, <-ended, "a server that is asked to end has not failed")
				require.Equal(t, tc.done, service.done)
			})
		})
	}
}

// RESOURCE_EXHAUSTED is not always a refusal: an answer that is longer than its
// client allows bears it too, and that call was executed.
func TestTheCodeAloneDoesNotTell(t *testing.T) {
	require.False(t, rpc.Refused(status.Error(codes.ResourceExhausted, "received message larger than max")))
	require.False(t, rpc.Refused(status.Error(codes.Unavailable, "connection reset by peer")))
	require.False(t, rpc.Refused(context.DeadlineExceeded))
	require.False(t, rpc.Refused(nil))
}
