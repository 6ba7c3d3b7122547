package rpc_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/rpc"
)

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
		name    string
		takes   time.Duration
		down    bool // nobody listens
		busy    bool
		stop    time.Duration // when the server is asked to end; 0: not
		code    codes.Code
		refused bool
		done    int
		events  []history.Event
	}{
		{name: "answered", done: 1, events: []history.Event{send, recv}},
		{name: "nothing was sent", down: true, code: codes.Unavailable, refused: true},
		{name: "turned away", busy: true, code: codes.ResourceExhausted, refused: true, events: []history.Event{send, failed(codes.ResourceExhausted)}},
		{name: "too late", takes: 10 * time.Second, code: codes.DeadlineExceeded, events: []history.Event{send, failed(codes.DeadlineExceeded)}},
		{name: "what has begun may finish", takes: 900 * time.Millisecond, stop: 100 * time.Millisecond, done: 1, events: []history.Event{send, recv}},
		{name: "unless it takes too long", takes: 4 * time.Second, stop: 100 * time.Millisecond, code: codes.Unavailable, events: []history.Event{send, failed(codes.Unavailable)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := labtest.NewPort()
				server, client := &labtest.Host{Name: "server", Port: p, Busy: tc.busy}, &labtest.Host{Name: "client", Port: p}
				service := &slow{takes: tc.takes}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ended := make(chan error, 1)
				if tc.down {
					require.NoError(t, p.Close())
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
				require.Equal(t, tc.events, client.Events)
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
