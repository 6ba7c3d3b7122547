package scenarios

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxPad is the widest "when" that the others of a script are aligned with. A
// long quoted text would else push every fault off the screen.
const maxPad = 48

// sourceSeq is a match that is written without quotes: an operation's name.
// Every other is quoted, since a bare word can be the name of a fault, today
// or in a later vocabulary.
var sourceSeq = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*/[0-9]+$`)

// Print gives the canonical text of a script: head, steps, expects, each in
// columns, a blank line between. Parsing it gives the same scenario.
func Print(s *Scenario) []byte {
	var p printer
	p.comments(s.Story)
	for _, name := range headWords {
		if text := s.headLine(name); text != "" {
			p.line(s.Notes[name], fmt.Sprintf("%-*s %s", len("workload"), name, text))
		}
	}
	p.gap(len(s.Steps))
	width := 0
	for _, step := range s.Steps {
		if n := utf8.RuneCountInString(step.Moment()); n <= maxPad {
			width = max(width, n)
		}
	}
	for _, step := range s.Steps {
		p.line(step.Note, fmt.Sprintf("%-*s  %s", width, step.Moment(), step.Fault))
	}
	p.gap(len(s.Expects))
	for _, e := range s.Expects {
		p.line(e.Note, e.String())
	}
	p.gap(len(s.End))
	p.comments(s.End)
	return p.Bytes()
}

type printer struct{ bytes.Buffer }

func (p *printer) comments(lines []string) {
	for _, c := range lines {
		p.WriteString(strings.TrimRight("# "+c, " ") + "\n")
	}
}

func (p *printer) line(note Note, text string) {
	p.comments(note.Above)
	p.WriteString(text)
	if note.Beside != "" {
		p.WriteString("  # " + note.Beside)
	}
	p.WriteByte('\n')
}

// gap opens a block of n lines.
func (p *printer) gap(n int) {
	if n > 0 {
		p.WriteByte('\n')
	}
}

// headLine is what follows a head word; "" if the scenario does not need the line.
func (s *Scenario) headLine(name string) string {
	switch {
	case name == "system":
		return s.System
	case name == "workload":
		return assigns(s.Workload)
	case name == "world":
		return s.World
	case name == "seed" && s.Seed != nil:
		return strconv.FormatUint(*s.Seed, 10)
	case name == "settle" && s.Settle > 0:
		return FormatDuration(s.Settle)
	}
	return ""
}

func assigns(set []Assign) string {
	var words []string
	for _, a := range set {
		words = append(words, a.Name+"="+a.Value)
	}
	return strings.Join(words, " ")
}

// Moment is the part of the line that says when.
func (s Step) Moment() string {
	switch {
	case s.When != nil:
		return "when " + s.When.String()
	case s.Every > 0 && s.Times > 0:
		return fmt.Sprintf("every %s times %d", FormatDuration(s.Every), s.Times)
	case s.Every > 0:
		return "every " + FormatDuration(s.Every)
	}
	return "at " + FormatDuration(s.At)
}

// String gives the trigger as it is written, without its "when".
func (t Trigger) String() string {
	words := []string{t.Node, t.Verb}
	switch {
	case sourceSeq.MatchString(t.Match):
		words = append(words, t.Match)
	case t.Match != "":
		words = append(words, `"`+strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(t.Match)+`"`)
	}
	if t.Count > 1 {
		words = append(words, "#"+strconv.Itoa(t.Count))
	}
	if t.After > 0 {
		words = append(words, "+"+FormatDuration(t.After))
	}
	return strings.Join(words, " ")
}

// String gives the fault as it is written.
func (f Fault) String() string {
	words := []string{f.Name, f.Target()}
	if f.Direction != "" {
		words = append(words, f.Direction)
	}
	if len(f.Attrs) > 0 {
		words = append(words, assigns(f.Attrs))
	}
	if f.For > 0 {
		words = append(words, "for "+FormatDuration(f.For))
	}
	return strings.Join(words, " ")
}

// Target is what the fault is aimed at, as it is written.
func (f Fault) Target() string {
	var sides []string
	for _, group := range f.Groups {
		sides = append(sides, strings.Join(group, " "))
	}
	return f.Node + f.Link + strings.Join(sides, " | ")
}

// String gives the line.
func (e Expect) String() string {
	verb := "holds"
	if e.Violates {
		verb = "violates"
	}
	line := "expect " + e.Variant + " " + verb + " " + strings.Join(e.Properties, " ")
	if e.Count >= 0 {
		line += " count=" + strconv.Itoa(e.Count)
	}
	return line
}
