package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"math"
	"strings"
	"unicode/utf8"

	"faultlab/sim/explain"
)

// picture is a story as a picture of its own: the diagram, and its steps beside
// it in words.
type picture struct {
	Title         string
	Width, Height float64
	Style         template.CSS
	Drawing       excerpt
	Steps         []pictureStep
}

type pictureStep struct {
	X, Y  float64
	N     int // 0: the ending, which has no number
	Bad   bool
	Lines []pictureLine
}

type pictureLine struct {
	X, Y float64
	Text string
}

// The measures of the words, in pixels but for the last, which is characters.
const (
	wordsWidth = 384.0
	lineHeight = 18.0
	wordsLine  = 44
)

// Picture draws a run's first story as SVG. It bears its own style, dark where
// the reader's page is, and asks for nothing else: it can stand in any document.
func Picture(r Run) ([]byte, error) {
	c := explain.Open(r.Events, r.Record.Facts())
	nodes := nodesOf(r.Record, r.Events)
	all := stories(c, r, nodes, keyed(c.Windows))
	if len(all) == 0 {
		return nil, errors.New("draw a picture: the run has no story")
	}
	told := all[0]
	style, err := sheet("colors.css", "excerpt.css", "picture.css")
	if err != nil {
		return nil, err
	}
	p := picture{
		Title: fmt.Sprintf("%s, %s: how %s came %s", r.Name, r.Record.Variant, told.Title, told.Came()),
		Style: template.CSS(style), Drawing: told.Excerpt,
		Width: told.Excerpt.Width + wordsWidth,
	}
	bottom := p.write(told)
	p.Height = math.Ceil(max(told.Excerpt.Height, bottom) + 12)
	tmpl, err := parsed()
	if err != nil {
		return nil, fmt.Errorf("parse the page's templates: %w", err)
	}
	var buf bytes.Buffer
	if err := tmpl.ExecuteTemplate(&buf, "picture.gohtml", p); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	return []byte(clean(buf.String())), nil
}

// write sets the steps below one another, and gives the height at which they
// end.
func (p *picture) write(told story) float64 {
	x, y := p.Drawing.Width+18, 24.0
	add := func(s pictureStep, text string) {
		s.X, s.Y = x, y
		for _, line := range wrapped(text) {
			s.Lines = append(s.Lines, pictureLine{x + 18, y, line})
			y += lineHeight
		}
		p.Steps = append(p.Steps, s)
		y += 7
	}
	for _, s := range told.Steps {
		add(pictureStep{N: s.N, Bad: s.Bad}, s.Sentence())
	}
	for _, end := range told.Endings {
		add(pictureStep{Bad: true}, "✗ "+end)
	}
	return y - lineHeight
}

// wrapped breaks a text into lines.
func wrapped(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > wordsLine {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
