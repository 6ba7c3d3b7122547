package main

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// watchMemory ends this worker when what its run holds fills more than limit
// bytes. The runtime has no such bound of its own: its memory limit makes it
// collect more often, and a run that holds everything is then only slower.
//
// It looks at what the last collection left, since a worker lets garbage lie;
// the runtime's limit sees to it that one comes in time.
func watchMemory(limit uint64) (end func()) {
	const live = "/gc/heap/live:bytes"
	debug.SetMemoryLimit(int64(2 * limit))
	over := make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
			}
			sample := []metrics.Sample{{Name: live}}
			metrics.Read(sample)
			if used := sample[0].Value.Uint64(); used > limit {
				stop("the run filled %d MB, and may fill %d: it was given too much to do", used>>20, limit>>20)
			}
		}
	}()
	return func() { close(over) }
}
