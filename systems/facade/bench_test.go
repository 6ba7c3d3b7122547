package facade

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// BenchmarkAcknowledged tells what the promises cost: messages a second that
// were answered 2xx, by real processes, behind proxies, without faults.
//
//	go test ./systems/facade -run '^$' -bench Acknowledged -benchtime 2000x
func BenchmarkAcknowledged(b *testing.B) {
	system := loaded()
	words := world.Vocabulary(lab.Register(system))
	for _, path := range []string{viaGRPC, viaHTTP} {
		for i := range system.Variants {
			v := &system.Variants[i]
			b.Run(path+"/"+v.Name, func(b *testing.B) {
				script := fmt.Sprintf("system facade\nworkload messages=%d every=0s path=%s\nsettle 60s\n", b.N, path)
				sc, err := scenarios.Parse("", "load", []byte(script), words)
				require.NoError(b, err)
				result := world.Run(context.Background(), world.Spec{System: system, Variant: v, Scenario: sc, Seed: 1}, live.New(live.Options{}))
				acked := slices.DeleteFunc(slices.Clone(result.Events), func(e history.Event) bool { return e.Kind != history.OK })
				require.Len(b, acked, b.N, "%v", result.Reasons)
				var took time.Duration
				for _, e := range result.Events {
					if e.Kind == history.Decide && e.Op == "load" {
						took, err = time.ParseDuration(e.Detail)
						require.NoError(b, err)
					}
				}
				require.Positive(b, took)
				b.ReportMetric(float64(b.N)/took.Seconds(), "acked/s")
				b.ReportMetric(0, "ns/op") // it would count the start of the processes
			})
		}
	}
}

// callers is how many messages are under way at the same time.
const callers = 32

// loaded is the lab with a client that posts many messages at a time, and a
// variant more: the hardened one on a disk that forgets to sync.
func loaded() *lab.System {
	system := System()
	unsynced := hardened()
	unsynced.Name = "unsynced"
	for _, role := range []string{logging, weblog} {
		run := unsynced.Roles[role]
		unsynced.Roles[role] = func(ctx context.Context, env lab.Env) error { return run(ctx, forgetful{env}) }
	}
	system.Variants = append(system.Variants, unsynced)
	for i := range system.Variants {
		keyed := system.Variants[i].Name != "original"
		system.Variants[i].Roles["client"] = func(ctx context.Context, env lab.Env) error { return load(ctx, env, keyed) }
	}
	return system
}

// load posts all messages and records how long that took.
func load(ctx context.Context, env lab.Env, keyed bool) error {
	c := newPoster(env, keyed, time.Minute)
	next := make(chan int64)
	var wg sync.WaitGroup
	began := time.Now()
	for range callers {
		wg.Go(func() {
			for seq := range next {
				c.post(ctx, seq)
			}
		})
	}
	for seq := range env.Params().Int("messages") {
		next <- int64(seq) + 1
	}
	close(next)
	wg.Wait()
	env.Record(history.Event{Kind: history.Decide, Op: "load", Detail: time.Since(began).String()})
	return env.AwaitHeal(ctx)
}

type forgetful struct{ lab.Env }

func (e forgetful) Disk() lab.Disk { return unsyncedDisk{e.Env.Disk()} }

type unsyncedDisk struct{ lab.Disk }

func (unsyncedDisk) Sync(string) error { return nil }

func (unsyncedDisk) SyncDir() error { return nil }
