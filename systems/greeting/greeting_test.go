package greeting

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

func TestANameTellsWhatItAsksFor(t *testing.T) {
	system := System()
	params, err := system.Params.Parse(map[string]string{"clients": "4"})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, n := range system.Nodes(params) {
		if !n.Client {
			continue
		}
		for _, seq := range []int64{1, 12} {
			source, name := typedAt(n.Name, seq)
			require.Equal(t, history.Event{Source: source, Seq: seq, ID: name, Value: name}, asked(name))
			require.False(t, seen[name], "%s is typed twice", name)
			seen[name] = true
		}
	}
	for _, nobody := range []string{"", "Anouk", "Anouk-", "Eve-1", "goroutine 1 [running]:"} {
		require.Equal(t, history.Event{ID: nobody, Value: nobody}, asked(nobody))
	}
}
