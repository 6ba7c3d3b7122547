package sensor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world/worldtest"
)

// Asked to end while its disk is full, the sensor holds a reading that is in
// memory only. It ends when the disk has taken it.
func TestSensorEndsWithNothingInMemory(t *testing.T) {
	result := worldtest.Run(t, System(), hardened(), `workload readings=10 every=20ms
when sensor stores #3 enospc sensor for 300ms
when sensor stores #3 +50ms stop sensor for 10ms
`)
	require.True(t, result.AsExpected, "%v", result.Reasons)
	require.Equal(t, 11, result.Counts.Attempted)
	require.Zero(t, result.Counts.Undelivered)
}
