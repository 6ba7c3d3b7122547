package rpc_test

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// replays is how many timelines TestReplay runs twice: 1000 in a soak.
func replays() uint64 {
	if os.Getenv("FAULTLAB_SOAK") != "" {
		return 1000
	}
	return 30
}

// TestReplay: gRPC, with calls and streams at once on one connection, does the
// same in every run of a seed, on one processor and on two.
func TestReplay(t *testing.T) {
	labs := lab.Register(pulse())
	system := labs.Systems()[0]
	e := explore.New(system, &system.Variants[0], world.Vocabulary(labs), virtual.New(), 0)
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	met, answered := 0, 0
	for k := range replays() {
		e.Seed = k
		script := e.Script(explore.Seed(lab.Draw(k, "replay")), explore.Options{Faults: 6, Least: 4})
		var first bytes.Buffer
		for _, processors := range []int{1, 2} {
			runtime.GOMAXPROCS(processors)
			result := e.Run(script)
			require.Empty(t, result.Record.Problems, "timeline %d", k)
			var text bytes.Buffer
			require.NoError(t, history.Write(&text, result.Events))
			if processors == 1 {
				first = text
				for _, f := range result.Record.Faults {
					met += len(f.Effect)
				}
				answered += bytes.Count(text.Bytes(), []byte(`"msg":"re Check `))
				continue
			}
			require.Empty(t, difference(first.String(), text.String()), "timeline %d:\n%s", k, scenarios.Print(script))
		}
	}
	require.NotZero(t, met, "no fault met anything")
	require.NotZero(t, answered, "no call was answered")
}

// difference gives the first line in which two histories differ.
func difference(a, b string) string {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			return left[i] + "\n" + right[i]
		}
	}
	if len(left) != len(right) {
		return "one is longer"
	}
	return ""
}
