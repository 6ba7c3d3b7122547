package page

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"faultlab/sim/check"
)

// strip shows at a glance where in a run a fault hurts: a row a variant, a cell
// a position. It stands in the page itself, also in print.
type strip struct {
	Explorable
	Rows   []stripRow
	Width  float64
	Starts int // the script's own position
	Data   template.JS
}

// stripRow has the cells of each outcome as one path.
type stripRow struct {
	Variant                  string
	Holds, Violated, Unknown string
	Summary                  string
}

// A cell's measures; the rows are stretched to the page's width.
const cellWidth, cellHeight = 10.0, 24.0

func stripOf(e Explorable) (*strip, error) {
	data, err := json.Marshal(e) // which escapes <, so that no value ends the script
	if err != nil {
		return nil, fmt.Errorf("encode what the fault does at other times: %w", err)
	}
	s := strip{Explorable: e, Data: template.JS(data), Width: cellWidth * float64(len(e.Positions))}
	for i, p := range e.Positions {
		if p.Scripted {
			s.Starts = i
		}
	}
	for i, variant := range e.Variants {
		s.Rows = append(s.Rows, rowOf(e, i, variant))
	}
	return &s, nil
}

// rowOf draws the cells so that their forms tell them apart: a full one where
// something breaks, a dot where all holds, an empty one where nobody knows.
func rowOf(e Explorable, side int, variant string) stripRow {
	paths := map[check.Outcome]*strings.Builder{check.Holds: {}, check.Violated: {}, check.Unknown: {}}
	counts := map[check.Outcome]int{}
	for i, p := range e.Positions {
		x := cellWidth * float64(i)
		outcome := p.Sides[side].Outcome
		counts[outcome]++
		switch outcome {
		case check.Holds:
			fmt.Fprintf(paths[outcome], "M%.0f %.0fh0", x+cellWidth/2, cellHeight/2)
		default:
			fmt.Fprintf(paths[outcome], "M%.0f 2h%.0fv%.0fh-%.0fz", x+1, cellWidth-2, cellHeight-4, cellWidth-2)
		}
	}
	row := stripRow{Variant: variant, Holds: paths[check.Holds].String(), Violated: paths[check.Violated].String(), Unknown: paths[check.Unknown].String()}
	if row.Summary = fmt.Sprintf("violated at %d of %d", counts[check.Violated], len(e.Positions)); counts[check.Unknown] > 0 {
		row.Summary += fmt.Sprintf(", unknown at %d", counts[check.Unknown])
	}
	return row
}

// Last is the number of the last position.
func (s strip) Last() int { return len(s.Positions) - 1 }

// Ticks are the times below the strip, at its beginning, middle and end.
func (s strip) Ticks() []string {
	return []string{"0", span(float64(s.Span) * 500), span(float64(s.Span) * 1000)}
}
