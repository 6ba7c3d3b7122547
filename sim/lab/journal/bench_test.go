package journal_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world/live"
)

// unsynced is a disk that trusts its cache.
type unsynced struct{ lab.Disk }

func (unsynced) Sync(string) error { return nil }

// BenchmarkAppend appends 100 bytes to a file of this machine. What the
// writers share is the sync: without it there is little to win.
func BenchmarkAppend(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("the live world, whose disk this is, is not for Windows")
	}
	record := make([]byte, 100)
	for _, synced := range []bool{true, false} {
		for _, writers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("synced=%v/writers=%d", synced, writers), func(b *testing.B) {
				err := onDisk(live.New(live.Options{Temp: b.TempDir()}), func(ctx context.Context, disk lab.Disk) error {
					if !synced {
						disk = unsynced{disk}
					}
					ctx, end := context.WithCancel(ctx)
					defer end()
					j, _, err := journal.Open(ctx, host{disk: disk}, file)
					if err != nil {
						return err
					}
					b.ResetTimer()
					var left atomic.Int64
					left.Store(int64(b.N))
					var all sync.WaitGroup
					for range writers {
						all.Go(func() {
							for left.Add(-1) >= 0 {
								if err := j.Append(ctx, record); err != nil {
									b.Error(err)
									return
								}
							}
						})
					}
					all.Wait()
					b.StopTimer()
					b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
