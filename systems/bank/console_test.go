package bank

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
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
				system := System()
				text := []byte("system bank\nworkload calls=1 items=3 quotes=3 call=" + call + "\n")
				sc, err := scenarios.Parse("console", "console", text, world.Vocabulary(lab.Register(system)))
				require.NoError(t, err)
				result := world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
				var printed []string
				for _, e := range result.Events {
					if e.Kind == history.Print && !strings.Contains(e.Value, "result: ") {
						printed = append(printed, e.Value)
					}
				}
				require.Equal(t, lines, printed)
			})
		}
	}
}
