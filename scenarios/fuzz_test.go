package scenarios_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

// FuzzParse feeds any bytes. A mistake must lie within them; what parses must
// come out of the printer the same, however often.
func FuzzParse(f *testing.F) {
	bad, err := filepath.Glob("testdata/bad/*" + scenarios.Ext)
	require.NoError(f, err)
	for _, file := range bad {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	for _, name := range scenarios.List() {
		text, err := fs.ReadFile(scenarios.Embedded(), name+scenarios.Ext)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte("# story\n\nsystem sensor # a\nworld virtual\nseed 7\nsettle 1m\nworkload every=10ms\n\n# b\nwhen collector decides \"17 > \\\"17\\\"\" #3 +0.5s latency forwarder->collector latency=5ms upstream for 60s#c\nevery 1s times 2 partition sensor forwarder|collector reset=true\nat 1ms powercut collector\nexpect original violates no-loss count=2\n# end"))

	voc := vocabulary()
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := scenarios.Parse("", "fuzzed", text, voc)
		if err != nil {
			requirePlaces(t, text, err)
			return
		}
		printed := scenarios.Print(s)
		again, err := scenarios.Parse("", "printed", printed, voc)
		require.NoError(t, err, "%s", printed)
		require.Equal(t, string(printed), string(scenarios.Print(again)))
		require.Equal(t, withoutPlaces(s), withoutPlaces(again))
	})
}
