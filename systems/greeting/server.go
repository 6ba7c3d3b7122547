package greeting

import (
	"context"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/greeting/greetpb"
)

// serve is the document's server, and that of all variants: what it lacks, a
// client can make good.
func serve(ctx context.Context, env lab.Env) error {
	env.Printf("%s", running)
	return rpc.Serve(ctx, env, port, func(s *grpc.Server) {
		greetpb.RegisterGreetServiceServer(s, servicer{env: env})
	})
}

// servicer is GreetServiceServicer of the document's ".proto file".
type servicer struct {
	greetpb.UnimplementedGreetServiceServer
	env lab.Env
}

// Greet has one effect, the print.
func (s servicer) Greet(_ context.Context, in *greetpb.GreetRequest) (*greetpb.GreetResponse, error) {
	e := asked(in.GetName())
	e.Op = "Greet"
	e.Kind, e.Msg = history.Recv, rpc.Request("Greet", e.ID)
	s.env.Record(e)
	s.env.Printf("%s", in.GetName())
	e.Kind, e.Msg = history.Store, ""
	s.env.Record(e)
	answer := greeting(in.GetName())
	e.Kind, e.Msg, e.Value = history.Send, rpc.Answer("Greet", e.ID), answer
	s.env.Record(e)
	return &greetpb.GreetResponse{Message: answer}, nil
}

// greeting is the right answer to a name.
func greeting(name string) string { return "Hello, " + name + "!" }
