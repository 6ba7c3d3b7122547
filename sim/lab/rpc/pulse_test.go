package rpc_test

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	health "google.golang.org/grpc/health/grpc_health_v1"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/param"
)

const atOnce = 3 // calls that a client makes at once, over one connection

// pulse is a lab of four clients that feel a server's pulse: several calls at
// once over one connection that is kept, unary and streaming, with deadlines
// and with server keepalive from its options.
func pulse() *lab.System {
	return &lab.System{
		Name:  "pulse",
		Story: "Clients ask a server whether it is well.",
		Params: param.List{
			{Name: "beats", Default: 5, Min: 1, Try: []string{"3", "8"}, Doc: "How often each client asks."},
		},
		Nodes: func(lab.Params) []lab.Node {
			all := []lab.Node{{Name: "server", Role: "server", Host: "server"}}
			for i := range 4 {
				name := fmt.Sprint("client", i+1)
				all = append(all, lab.Node{Name: name, Role: "client", Host: name, Client: true})
			}
			return all
		},
		Links: func(lab.Params) []lab.Link {
			var all []lab.Link
			for i := range 4 {
				all = append(all, lab.Link{From: fmt.Sprint("client", i+1), To: "server", Port: 50051})
			}
			return all
		},
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("beats")) * 20 * time.Millisecond },
		Variants: []lab.Variant{{
			Name: "original", Summary: "It asks.",
			Bound: func(lab.Params) time.Duration { return time.Second },
			Roles: map[string]func(context.Context, lab.Env) error{
				"server": func(ctx context.Context, env lab.Env) error {
					return rpc.Serve(ctx, env, 50051, func(s *grpc.Server) { health.RegisterHealthServer(s, heart{env: env}) }, rpc.ServeItems(env, item))
				},
				"client": feel,
			},
			ReadBack: func(context.Context, lab.Observer) ([]history.Event, error) { return nil, nil },
		}},
	}
}

// item says of a beat only whose it is, if that.
func item(m any) history.Event {
	if r, ok := m.(*health.HealthCheckRequest); ok {
		return history.Event{ID: r.Service}
	}
	return history.Event{ID: "beat"}
}

// heart answers for itself.
type heart struct {
	health.UnimplementedHealthServer
	env lab.Env
}

func (h heart) Check(_ context.Context, in *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	h.env.Record(history.Event{Kind: history.Recv, ID: in.Service, Msg: rpc.Request("Check", in.Service)})
	return &health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}, nil
}

func (h heart) Watch(_ *health.HealthCheckRequest, stream grpc.ServerStreamingServer[health.HealthCheckResponse]) error {
	for range 3 {
		if err := stream.Send(&health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}); err != nil {
			return err
		}
	}
	return nil
}

func feel(ctx context.Context, env lab.Env) error {
	conn, err := rpc.Dial(env, "server", rpc.DialItems(env, "server", item))
	if err != nil {
		return err
	}
	defer conn.Close()
	c := health.NewHealthClient(conn)
	return lab.Workload(ctx, env, int64(env.Params().Int("beats")), 20*time.Millisecond, func(seq int64) {
		op := history.Event{Kind: history.Invoke, Op: "feel", Source: env.Node().Name, Seq: seq}
		env.Record(op)
		var calls sync.WaitGroup
		for i := range atOnce {
			calls.Go(func() {
				// Calls that ended in one instant would tell the server so in an
				// order that no seed decides, which a slicer shows.
				ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond+time.Duration(i)*time.Microsecond)
				defer cancel()
				id := fmt.Sprintf("%s-%d-%d", env.Node().Name, seq, i)
				ask := check
				if i == 0 {
					ask = watch
				}
				done := history.Event{Kind: history.Decide, ID: id}
				if err := ask(ctx, c, id); err != nil {
					done.Detail = fmt.Sprint(rpc.Refused(err), ": ", err)
				}
				env.Record(done)
			})
		}
		calls.Wait()
		op.Kind = history.OK
		env.Record(op)
	})
}

func check(ctx context.Context, c health.HealthClient, id string) error {
	_, err := c.Check(rpc.About(ctx, history.Event{ID: id}), &health.HealthCheckRequest{Service: id})
	return err
}

func watch(ctx context.Context, c health.HealthClient, id string) error {
	stream, err := c.Watch(ctx, &health.HealthCheckRequest{Service: id})
	for err == nil {
		_, err = stream.Recv()
	}
	if err == io.EOF {
		return nil
	}
	return err
}
