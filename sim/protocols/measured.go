package protocols

import (
	"fmt"
	"slices"

	"faultlab/sim/world"
)

// Measured is a cell with what came of its probes.
type Measured struct {
	Cell
	probes   [][]Figure // by probe
	Problems []string   // why figures are missing
}

// MeasuredRow is a row with its cells.
type MeasuredRow struct {
	Row
	Cells []*Measured
}

// Begin makes the table that is to be measured.
func Begin() []MeasuredRow {
	var table []MeasuredRow
	for _, row := range Rows() {
		m := MeasuredRow{Row: row}
		for _, c := range row.Cells {
			m.Cells = append(m.Cells, BeginCell(c))
		}
		table = append(table, m)
	}
	return table
}

// BeginCell makes one cell that is to be measured.
func BeginCell(c Cell) *Measured {
	m := &Measured{Cell: c}
	for _, p := range c.Probes {
		m.probes = append(m.probes, p.figures())
	}
	return m
}

// Add takes the figures from a run of the cell's i-th probe. Runs come in the
// order of time, or no drift shows.
func (m *Measured) Add(i int, r world.Result) {
	samples, err := m.Probes[i].Read(r)
	if err != nil {
		m.Problems = append(m.Problems, fmt.Sprintf("%s: %v", m.Name(), err))
		return
	}
	for k := range samples {
		f := &m.probes[i][k]
		f.Samples = append(f.Samples, samples[k]...)
	}
}

// Figures lists those that were measured.
func (m *Measured) Figures() []Figure {
	var all []Figure
	for _, of := range m.probes {
		for _, f := range of {
			if len(f.Samples) > 0 {
				all = append(all, f)
			}
		}
	}
	return all
}

// Left reports whether figures were left out, as they need the live world and
// nobody asked for it.
func (m *Measured) Left() bool {
	for i, p := range m.Probes {
		if p.World == Live && len(m.probes[i][0].Samples) == 0 && len(m.Problems) == 0 {
			return true
		}
	}
	return false
}

// Glance gives the row's most telling figure of a cell. ok is false if there is
// none.
func (r MeasuredRow) Glance(m *Measured) (f Figure, ok bool) {
	all := m.Figures()
	i := slices.IndexFunc(all, func(f Figure) bool { return f.Name == r.Row.Glance })
	switch {
	case i >= 0:
		return all[i], true
	case len(all) > 0 && !m.Left():
		return all[0], true
	}
	return Figure{}, false
}
