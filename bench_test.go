package main

import (
	"context"
	"io/fs"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// benchmarkRuns measures virtual runs on one core, as a worker process does
// them: runs a second, µs an exchange (a POST and its answer), and how much
// faster than real time.
func benchmarkRuns(b *testing.B, name string, text []byte, variant string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(workerGC))
	labs := systems.All()
	sc, err := scenarios.Parse(name, name, text, world.Vocabulary(labs))
	require.NoError(b, err)
	system, _ := labs.Lookup(sc.System)
	v, _ := system.Variant(variant)
	w := virtual.New()
	var exchanges int
	var passed time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		result := world.Run(context.Background(), world.Spec{System: system, Variant: v, Scenario: sc, Seed: uint64(i)}, w)
		if !result.AsExpected {
			b.Fatal(result.Reasons)
		}
		for _, e := range result.Events {
			if e.Kind == history.Recv && e.Link != "" {
				exchanges++
			}
		}
		passed += result.Record.Virtual
	}
	b.StopTimer()
	spent := b.Elapsed()
	b.ReportMetric(float64(b.N)/spent.Seconds(), "runs/s")
	b.ReportMetric(float64(spent.Microseconds())/float64(exchanges), "µs/exchange")
	b.ReportMetric(passed.Seconds()/spent.Seconds(), "×realtime")
}

// BenchmarkLostAck is the scenario lost-ack, with its 100 readings: the
// original takes a new connection for each POST, as documented.
func BenchmarkLostAck(b *testing.B) {
	text, err := fs.ReadFile(scenarios.Embedded(), "sensor/lost-ack"+scenarios.Ext)
	require.NoError(b, err)
	for _, variant := range []string{"hardened", "original"} {
		b.Run(variant, func(b *testing.B) { benchmarkRuns(b, "sensor/lost-ack", text, variant) })
	}
}

// BenchmarkSparse is a minute in which little happens: a reading a second, as
// documented, and a kill.
func BenchmarkSparse(b *testing.B) {
	text := []byte("system sensor\nworkload readings=60 every=1s poll=100ms\nat 30s kill collector for 5s\nexpect original holds integrity\n")
	for _, variant := range []string{"hardened", "original"} {
		b.Run(variant, func(b *testing.B) { benchmarkRuns(b, "sparse", text, variant) })
	}
}
