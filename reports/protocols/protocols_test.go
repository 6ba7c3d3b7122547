package protocols

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/protocols"
	"faultlab/sim/world"
)

// unmeasured is the table before any run, but for one that failed: its reason
// holds all that a table must not fall over.
func unmeasured() []protocols.MeasuredRow {
	table := protocols.Begin()
	died := world.Result{Record: world.Record{Problems: []string{"it died: <b>a | b</b>\nat once"}}}
	for _, row := range table {
		if row.Name == "setup" {
			row.Cells[0].Add(0, died)
		}
	}
	return table
}

func TestFailedRunsAreSeen(t *testing.T) {
	table := unmeasured()
	md := string(Markdown(table))
	require.Contains(t, md, `it died: <b>a \| b</b><br>at once`)

	page, err := Page(table)
	require.NoError(t, err)
	require.Contains(t, string(page), "it died: &lt;b&gt;a | b&lt;/b&gt;")
	require.Equal(t, 1, strings.Count(string(page), `class="unknown"`))

	text, err := JSON(table)
	require.NoError(t, err)
	var d document
	require.NoError(t, json.Unmarshal(text, &d))
	require.Len(t, d.Rows, 13)
	require.Len(t, d.Rows[2].Cells[0].Problems, 1)

	var out strings.Builder
	require.NoError(t, Text(&out, table))
	require.Contains(t, out.String(), "it died")
}

// Figures that nobody asked for are not taken for figures that there are none
// of.
func TestLeftOutFiguresAreNamed(t *testing.T) {
	table := unmeasured()
	for _, row := range table {
		for i, m := range row.Cells {
			if m.Name() != "flow/tcp" {
				continue
			}
			require.Equal(t, []string{left}, lines(m))
			require.Equal(t, "–", glance(row, m))
			require.Equal(t, "TCP", head(i))
		}
	}
	require.Contains(t, string(Markdown(table)), left)
}
