package multicast

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world/worldtest"
)

// A text tells its number, also when its tail is cut off, and is as long as was
// asked for.
func TestMessageTellsItsNumber(t *testing.T) {
	for _, size := range []int{0, 21, 22, 23, 1024, 1025, longest} {
		params := worldtest.Parse(t, System(), fmt.Sprintf("workload size=%d\n", size)).Params
		for _, n := range []int64{0, 7, 12} {
			said := message(params, n)
			require.True(t, utf8.ValidString(said))
			require.Equal(t, n, number(said))
			if size > 0 {
				require.Len(t, said, size)
			}
			if size > 1024 {
				require.Equal(t, n, number(said[:1024]))
				require.False(t, utf8.ValidString(said[:1024]), "the document's receiver must have a letter to fall over")
			}
		}
	}
	for _, said := range []string{"", "Hello", "Multicast message", "Multicast message x", "Multicast message -1"} {
		require.EqualValues(t, -1, number(said), said)
	}
}
