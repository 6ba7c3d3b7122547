package greeting

import (
	"context"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/greeting/greetpb"
)

// caller gets the greeting of a name.
type caller func(ctx context.Context, env lab.Env, name string) (answer string, err error)

// client types a name a period, each into a client program of its own, as the
// document's asks one name and ends. Where a person sits, they type theirs.
func client(run caller) func(context.Context, lab.Env) error {
	return func(ctx context.Context, env lab.Env) error {
		if env.Terminal() != nil {
			return person(ctx, env, run)
		}
		p := env.Params()
		return lab.Workload(ctx, env, int64(p.Int("greetings")), p.Duration("every"), func(seq int64) {
			source, name := typedAt(env.Node().Name, seq)
			op := history.Event{Op: greet, Source: source, Seq: seq, ID: name}
			op.Kind, op.Value, op.Detail = history.Invoke, name, "want "+greeting(name)
			env.Record(op)
			env.Printf("What's your name? %s", name)
			answer, err := run(rpc.About(ctx, asked(name)), env, name)
			switch {
			case err == nil:
				env.Printf("Server response: %s", answer)
				op.Kind, op.Value, op.Detail = history.OK, answer, ""
			case rpc.Refused(err):
				op.Kind, op.Detail = history.Fail, err.Error()
			default:
				op.Kind, op.Detail = history.Info, err.Error()
			}
			env.Record(op)
		})
	}
}

// ask makes one call, over a connection of its own.
func ask(ctx context.Context, env lab.Env, name string) (answer string, err error) {
	channel, err := rpc.Dial(env, server)
	if err != nil {
		return "", err
	}
	defer channel.Close()
	response, err := greetpb.NewGreetServiceClient(channel).Greet(ctx, &greetpb.GreetRequest{Name: name})
	return response.GetMessage(), err
}
