package protocols

import (
	"fmt"
	"io"
	"strings"

	"faultlab/sim/protocols"
)

// Text prints the figures for a terminal, a row after the other.
func Text(w io.Writer, table []protocols.MeasuredRow) error {
	var b strings.Builder
	for _, row := range table {
		fmt.Fprintf(&b, "%s\n", row.Title)
		measured := false
		for i, m := range row.Cells {
			for k, line := range lines(m) {
				name := ""
				if k == 0 {
					name = head(i)
				}
				fmt.Fprintf(&b, "  %-9s %s\n", name, line)
				measured = true
			}
		}
		if !measured {
			fmt.Fprintf(&b, "  %s\n", row.How)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// CellText prints one cell with all that was done for it.
func CellText(w io.Writer, row protocols.Row, m *protocols.Measured) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s\n\n001 says: %s\n", m.Name(), row.Title, row.How, m.Claim)
	for _, line := range lines(m) {
		fmt.Fprintf(&b, "measured: %s\n", line)
	}
	if m.Finding != "" {
		fmt.Fprintf(&b, "%s\n", verdict(m.Cell))
	}
	for _, p := range m.Probes {
		fmt.Fprintf(&b, "\n# in the %s world", p.World)
		if p.Name != "" {
			fmt.Fprintf(&b, ": %s", p.Name)
		}
		fmt.Fprintf(&b, "\n%s", p.Script)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
