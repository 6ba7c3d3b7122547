package tcpecho

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// violated lists what a run breaks of what it promises.
func violated(r world.Result) []string {
	var broken []string
	for _, verdict := range r.Verdicts {
		if verdict.Outcome == check.Violated {
			broken = append(broken, verdict.Property)
		}
	}
	return broken
}

// What a text says of whose it is, nobody else's does.
func TestTextsTellTheirOperation(t *testing.T) {
	for _, kind := range []string{sayText, sayDocument, sayCommands, sayEdges, sayLong, sayBinary} {
		p, err := System().Params.Parse(map[string]string{"payload": kind, "messages": "20"})
		require.NoError(t, err)
		for _, n := range lab.Clients(len(timeWords)) {
			for seq := int64(1); seq <= 21; seq++ {
				said := said(p, n.Name, seq)
				e := about(said.bytes)
				require.Equal(t, n.Name, e.Source, "%q", said.bytes)
				if command(said.bytes) != "time" && command(said.bytes) != exit {
					require.Equal(t, seq, e.Seq, "%q", said.bytes)
				}
				require.NotContains(t, said.bytes, "\n", "the console has one line for each")
			}
		}
	}
	for _, nobodys := range []string{"", "x", "client/1", "client/01 x", "client5/1 x", "client/-1 x", "clien", "/1 x", "tiMe"} {
		require.Equal(t, history.Event{Op: echo, Value: nobodys}, about(nobodys))
	}
}
