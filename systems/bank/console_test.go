package bank

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// A client of the document counts what it sends, and says when a stream is over.
func TestConsoles(t *testing.T) {
	for _, v := range []lab.Variant{original(), hardened()} {
		for call, lines := range map[string][]string{
			callPerform: {"Counter = 0", "Counter = 1", "Counter = 2", "END"},
			callFull:    {"Counter = 0", "Counter = 1", "Counter = 2", "END"},
			callGet:     {"END"},
			callConvert: nil,
		} {
			t.Run(v.Name+" "+call, func(t *testing.T) {
				result := worldtest.Run(t, System(), v, "workload calls=1 items=3 quotes=3 call="+call+"\n")
				var printed []string
				for _, e := range labtest.Of(result.Events, history.Print) {
					if !strings.Contains(e.Value, "result: ") {
						printed = append(printed, e.Value)
					}
				}
				require.Equal(t, lines, printed)
			})
		}
	}
}
