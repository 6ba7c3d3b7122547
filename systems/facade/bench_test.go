package facade

import (
	"context"
	"fmt"
	"testing"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// BenchmarkAcknowledged tells what the promises cost: messages a second that
// were answered 2xx, by real processes, behind proxies, without faults.
//
//	go test ./systems/facade -run '^$' -bench Acknowledged -benchtime 2000x
func BenchmarkAcknowledged(b *testing.B) {
	system := loaded()
	for _, path := range []string{viaGRPC, viaHTTP} {
		for _, v := range system.Variants {
			b.Run(path+"/"+v.Name, func(b *testing.B) {
				script := fmt.Sprintf("workload messages=%d every=0s path=%s\nsettle 60s\n", b.N, path)
				result := worldtest.Live(b, system, v, script)
				labtest.Acknowledged(b, result.Events, b.N)
			})
		}
	}
}

// loaded is the lab with a client that posts many messages at a time, and a
// variant more: the hardened one on a disk that forgets to sync.
func loaded() *lab.System {
	system := System()
	system.Name = "load" // other tests run the lab itself
	unsynced := hardened()
	unsynced.Name = "unsynced"
	for _, role := range []string{logging, weblog} {
		unsynced.Roles[role] = labtest.Forgetful(unsynced.Roles[role])
	}
	system.Variants = append(system.Variants, unsynced)
	for i := range system.Variants {
		keyed := system.Variants[i].Name != "original"
		system.Variants[i].Roles["client"] = func(ctx context.Context, env lab.Env) error {
			c := newPoster(env, keyed, time.Minute)
			return labtest.Load(ctx, env, int64(env.Params().Int("messages")), func(seq int64) { c.post(ctx, seq) })
		}
	}
	return system
}
