package labtest

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Heap is how many bytes are in use.
func Heap() uint64 {
	runtime.GC()
	runtime.GC() // what had a finalizer goes only now
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// TakesNoMemory requires that the heap is as large after ten times n as after n
// of something: a fifth larger at most.
func TakesNoMemory(t *testing.T, n int, heapAfter func(n int) uint64) {
	t.Helper()
	few, many := heapAfter(n), heapAfter(10*n)
	t.Logf("after %d: %d bytes; after %d: %d", n, few, 10*n, many)
	require.Less(t, float64(many), 1.2*float64(few), "it keeps something of each")
}
