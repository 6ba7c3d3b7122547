package udpecho

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world/worldtest"
)

// Every message tells which it is, also when its tail is cut off, and is as long as
// was asked for.
func TestMessageTellsWhichItIs(t *testing.T) {
	for _, payload := range []string{sayDemo, sayText, sayMultibyte, sayBinary} {
		for _, size := range []int{0, 40, 1023, 1024, 1025, 1472, 1473} {
			params := worldtest.Parse(t, System(), fmt.Sprintf("workload payload=%s size=%d messages=9\n", payload, size)).Params
			for seq := int64(1); seq <= 10; seq++ {
				said := message(params, "client2", seq)
				if seq%2 == 0 && size > 0 && seq < 10 {
					require.Len(t, said, size, payload)
				}
				require.Equal(t, payload != sayBinary || seq == 10, utf8.Valid(said))
				e := about(string(said[:min(len(said), room)]))
				require.Equal(t, "client2", e.Source, payload)
				require.Equal(t, seq, e.Seq, payload)
			}
		}
	}
	require.Empty(t, about("Hello UDP!").Source)
}

// A cut where the document's server makes it goes through a letter.
func TestMultibyteIsCut(t *testing.T) {
	params := worldtest.Parse(t, System(), "workload payload=multibyte size=1025\n").Params
	require.False(t, utf8.Valid(message(params, "client", 2)[:room]))
}
