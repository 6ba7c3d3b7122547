package reports

import (
	"slices"
	"strings"

	"faultlab/sim/check"
)

// matrix is a lab's outcomes at a glance: a row each scenario, a column each
// variant and world.
type matrix struct {
	Columns []matrixColumn
	Rows    []matrixRow
}

type matrixColumn struct{ Variant, World string }

type matrixRow struct {
	Name  string
	Cells []matrixCell
}

// matrixCell is one run; a script need not be for every variant and world.
type matrixCell struct {
	Row  *indexRow // nil: there was no such run
	Sign string
}

func matrixOf(rows []indexRow) matrix {
	var m matrix
	for i := range rows {
		rec := rows[i].Record
		if c := (matrixColumn{rec.Variant, rec.World}); !slices.Contains(m.Columns, c) {
			m.Columns = append(m.Columns, c)
		}
	}
	// What fails stands before what holds, whatever script came first.
	order := []string{"original", "naive", "hardened"}
	slices.SortFunc(m.Columns, func(a, b matrixColumn) int {
		if a.Variant != b.Variant {
			return slices.Index(order, a.Variant) - slices.Index(order, b.Variant)
		}
		return -strings.Compare(a.World, b.World)
	})
	for i := range rows {
		row := &rows[i]
		at := slices.IndexFunc(m.Rows, func(r matrixRow) bool { return r.Name == row.Name })
		if at < 0 {
			at = len(m.Rows)
			m.Rows = append(m.Rows, matrixRow{Name: row.Name, Cells: make([]matrixCell, len(m.Columns))})
		}
		column := slices.Index(m.Columns, matrixColumn{row.Record.Variant, row.Record.World})
		m.Rows[at].Cells[column] = matrixCell{Row: row, Sign: map[check.Outcome]string{
			check.Holds: "✓", check.Violated: "✗", check.Unknown: "?",
		}[row.Outcome]}
	}
	return m
}
