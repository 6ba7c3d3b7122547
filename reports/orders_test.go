package reports

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// The page of legal orders is there, and the index leads to it, where a
// checker could say whether there are any.
func TestOrders(t *testing.T) {
	events := []history.Event{
		{T: 1, Node: "ann", Kind: history.Invoke, Op: "write", Source: "ann", Seq: 1, ID: "4", Value: "p"},
		{T: 2, Node: "ann", Kind: history.OK, Op: "write", Source: "ann", Seq: 1},
		{T: 3, Node: "ann", Kind: history.Invoke, Op: "read", Source: "ann", Seq: 2, ID: "4"},
		{T: 4, Node: "ann", Kind: history.OK, Op: "read", Source: "ann", Seq: 2, Value: "p"},
	}
	const link = `<a href="sensor/lost-ack/original/virtual/linearizable.html">linearizable.html</a>`
	for outcome, there := range map[check.Outcome]bool{check.Holds: true, check.Violated: true, check.Unknown: false} {
		t.Run(string(outcome), func(t *testing.T) {
			out := t.TempDir()
			r := Run{Script: "sensor/lost-ack", Result: resultOf("original", "virtual", events, world.Judgement{
				Outcome: outcome, Verdicts: []check.Verdict{{Property: check.Linearizable, Outcome: outcome}},
			})}
			require.NoError(t, Save(out, r))
			require.NoError(t, Write(out, []Run{r}))
			index, err := os.ReadFile(filepath.Join(out, "index.html"))
			require.NoError(t, err)
			page, err := os.ReadFile(filepath.Join(out, Dir(r.Record), "linearizable.html"))
			if !there {
				require.ErrorIs(t, err, os.ErrNotExist)
				require.NotContains(t, string(index), "linearizable.html")
				return
			}
			require.NoError(t, err)
			require.Contains(t, string(page), "ann/2 read")
			require.Contains(t, string(index), link)
		})
	}
}
