package users

import (
	"context"
	"fmt"
	"testing"

	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/web"
	"faultlab/sim/world/worldtest"
)

// BenchmarkAcknowledged tells what the promises cost: users created a second,
// by real processes, behind a proxy, without faults.
//
//	go test ./systems/users -run '^$' -bench Acknowledged -benchtime 2000x
func BenchmarkAcknowledged(b *testing.B) {
	system := loaded()
	for _, v := range system.Variants {
		b.Run(v.Name, func(b *testing.B) {
			script := fmt.Sprintf("workload operations=%d every=0s ops=create deadline=5s\nsettle 60s\n", b.N)
			result := worldtest.Live(b, system, v, script)
			labtest.Acknowledged(b, result.Events, b.N)
		})
	}
}

// loaded is the lab with a client that makes many requests at a time, and a
// variant more: the hardened one on a disk that forgets to sync.
func loaded() *lab.System {
	system := System()
	system.Name = "load" // other tests run the lab itself
	unsynced := hardened()
	unsynced.Name = "unsynced"
	unsynced.Roles["server"] = labtest.Forgetful(unsynced.Roles["server"])
	system.Variants = append(system.Variants, unsynced)
	careful := manner{insists: true, keepAlive: true, keyed: true, wary: true}
	manners := map[string]manner{"naive": {insists: true}, "hardened": careful, "unsynced": careful}
	for i := range system.Variants {
		m := manners[system.Variants[i].Name]
		system.Variants[i].Roles["client"] = func(ctx context.Context, env lab.Env) error {
			p := env.Params()
			attempts, deadline := m.patience(p)
			c := &client{manner: m, env: env, http: web.Client(env, server, m.keepAlive, deadline), attempts: attempts}
			return labtest.Load(ctx, env, int64(p.Int("operations")), func(seq int64) {
				op := c.next(seq)
				env.Record(op)
				done := c.ask(ctx, op)
				op.Kind, op.ID, op.Detail = done.kind, "", done.detail
				env.Record(op)
			})
		}
	}
	return system
}
