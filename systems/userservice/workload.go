package userservice

import (
	"context"
	"fmt"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// turns are what a client can do, by operation. Each gets operations that are
// invoked, and completes them.
type turns map[string]func(ctx context.Context, ops []history.Event)

// workload runs a client's part: a turn after each rest until all operations are
// invoked, then, once all faults are over, a turn more as the probe. After a
// restart it goes on with the next operation that was not invoked yet, hence
// with a batch of its own: half of one is never gone on with.
func workload(ctx context.Context, env lab.Env, do turns) error {
	p := env.Params()
	n := int64(p.Int("operations"))
	done := env.Invoked()
	for seq := done + 1; seq <= n; {
		if err := lab.Rest(ctx, p.Duration("every")); err != nil {
			return err
		}
		kind := drawn(p, env.Node().Name, seq)
		width := int64(1)
		if kind == create {
			width = min(int64(p.Int("batch")), n-seq+1)
		}
		do[kind](ctx, invoke(env, kind, seq, width))
		seq += width
	}
	if done > n {
		return nil
	}
	if err := env.AwaitHeal(ctx); err != nil {
		return err
	}
	all := kinds(p)
	probe := all[len(all)-1]
	do[probe](ctx, invoke(env, probe, n+1, 1))
	return ctx.Err()
}

// drawn chooses what a client does in its turn that begins with that operation.
// All variants do the same.
func drawn(p lab.Params, client string, seq int64) string {
	all := kinds(p)
	return all[lab.Draw(uint64(seq), "kind", client)%uint64(len(all))]
}

// invoke records the invokes of a turn. All of a batch are invoked before any
// is sent: it is one call.
func invoke(env lab.Env, kind string, seq, width int64) []history.Event {
	p, source := env.Params(), env.Node().Name
	var ops []history.Event
	for i := range width {
		op := history.Event{Kind: history.Invoke, Op: kind, Source: source, Seq: seq + i}
		switch kind {
		case get:
			op.ID = fmt.Sprint(wanted(seq))
			op.Detail = "want " + given[wanted(seq)-1].email
		case create:
			op.Value = email(source, op.Seq)
			op.Detail = fmt.Sprintf("to %s; batch %s", usersLog, name(source, seq))
		case chat:
			op.Value = message(source, seq)
			op.Detail = "to " + strings.Join(members(p), ",")
		}
		env.Record(op)
		ops = append(ops, op)
	}
	return ops
}

// wanted is the id of the user whom an operation gets: one of the given ones.
func wanted(seq int64) int32 { return int32(seq)%int32(len(given)) + 1 }

// complete records what came of a turn: of all its operations the same, for a
// batch has one answer.
func complete(env lab.Env, ops []history.Event, kind history.Kind, detail string) {
	for _, op := range ops {
		env.Record(history.Event{Kind: kind, Op: op.Op, Source: op.Source, Seq: op.Seq, Detail: detail})
	}
}
