package protocols

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"faultlab/reports/page"
	"faultlab/sim/protocols"
)

//go:embed page.gohtml
var text string

// pageView is what page.gohtml shows.
type pageView struct {
	Title, Intro string
	Style        template.CSS
	Heads        []string // of the columns
	Rows         []rowView
}

type rowView struct {
	Name, Title, How string
	Measured         bool
	Cells            []cellView
}

type cellView struct {
	Head, Claim, Finding string
	Glance               string // the most telling figure
	Contradicts          bool
	Left                 string // why figures are missing
	Figures              []protocols.Figure
	Problems             []string
	Command              string
}

// Page prints the table as one file of HTML that needs nothing but a browser.
func Page(table []protocols.MeasuredRow) ([]byte, error) {
	style, err := page.Style()
	if err != nil {
		return nil, err
	}
	tmpl, err := template.New("page").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse the page's template: %w", err)
	}
	view := pageView{Title: title, Intro: intro, Style: template.CSS(style), Heads: protocols.Heads[:]}
	for _, row := range table {
		view.Rows = append(view.Rows, look(row))
	}
	var buf bytes.Buffer
	if err := tmpl.Execute(&buf, view); err != nil {
		return nil, fmt.Errorf("fill the page's template: %w", err)
	}
	return []byte(clean(buf.String())), nil
}

func look(row protocols.MeasuredRow) rowView {
	r := rowView{Name: row.Name, Title: row.Title, How: row.How}
	for i, m := range row.Cells {
		c := cellView{
			Head: head(i), Claim: m.Claim, Finding: m.Finding, Contradicts: m.Contradicts,
			Figures: m.Figures(), Problems: m.Problems, Glance: glance(row, m),
		}
		if m.Left() {
			c.Left = left
		}
		if len(m.Probes) > 0 {
			c.Command = Command(m.Cell)
			r.Measured = true
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}
