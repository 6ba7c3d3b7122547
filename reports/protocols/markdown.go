package protocols

import (
	"fmt"
	"strings"

	"faultlab/sim/protocols"
)

// Markdown prints the table as a section a row.
func Markdown(table []protocols.MeasuredRow) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n| |", title, intro)
	for i := range protocols.Heads {
		fmt.Fprintf(&b, " %s |", head(i))
	}
	b.WriteString("\n|---|---|---|---|---|\n")
	for _, row := range table {
		fmt.Fprintf(&b, "| %s |", row.Title)
		for _, m := range row.Cells {
			fmt.Fprintf(&b, " %s |", cellText(m.Claim+"\n"+glance(row, m)))
		}
		b.WriteString("\n")
	}
	for _, row := range table {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| | 001 says | measured | |\n|---|---|---|---|\n", row.Title, row.How)
		for i, m := range row.Cells {
			measured := lines(m)
			if len(m.Probes) > 0 {
				measured = append(measured, "`"+Command(m.Cell)+"`")
			} else {
				measured = []string{"–"}
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", head(i), cellText(m.Claim), cellText(strings.Join(measured, "\n")), cellText(verdict(m.Cell)))
		}
	}
	return []byte(clean(b.String()))
}

// cellText makes a text fit into one cell of a table.
func cellText(text string) string {
	return strings.NewReplacer("|", `\|`, "\r", "", "\n", "<br>").Replace(text)
}
