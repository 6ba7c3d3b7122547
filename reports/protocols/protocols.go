// Package protocols writes down the measured comparison of protocols: what
// document 001 says, what was measured, and the command that measures it again.
package protocols

import (
	"strings"

	"faultlab/sim/protocols"
)

const (
	title = "TCP, UDP, HTTP/1.1 and gRPC: what document 001 says, and what was measured"
	intro = "Figures without a range are exact: they come from the virtual world, and a second run gives the same. " +
		"Those with one are real: the median of many live samples, and the range of their middle half, in which a second measurement is to have its median, if the machine does nothing else meanwhile. " +
		"Noisy is called what promises no such thing: its range is more than a quarter of its median, or it drifted while it was measured. " +
		"A ✗ marks what the figures contradict."
	// left stands in the place of a figure that nobody asked for.
	left = "live figures: add -live"
)

// Command is the command line that measures a cell again.
func Command(c protocols.Cell) string { return "faultlab protocols -cell " + c.Name() }

// lines prints a cell's figures, and why there is one less.
func lines(m *protocols.Measured) []string {
	var all []string
	for _, f := range m.Figures() {
		all = append(all, f.String())
	}
	if m.Left() {
		all = append(all, left)
	}
	return append(all, m.Problems...)
}

// verdict is the finding, after the sign of a contradiction.
func verdict(c protocols.Cell) string {
	if c.Contradicts {
		return "✗ " + c.Finding
	}
	return c.Finding
}

// glance is a cell in one line: its most telling figure, after the sign of a
// contradiction.
func glance(row protocols.MeasuredRow, m *protocols.Measured) string {
	f, ok := row.Glance(m)
	switch {
	case !ok:
		return "–"
	case m.Contradicts:
		return "✗ " + f.String()
	}
	return f.String()
}

func head(i int) string { return protocols.Heads[i] }

// clean takes the space off the ends of lines.
func clean(text string) string {
	rows := strings.Split(text, "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return strings.Join(rows, "\n")
}
