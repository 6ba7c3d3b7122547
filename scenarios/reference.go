package scenarios

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"faultlab/sim/param"
)

//go:embed reference.tmpl
var manual string

// section is a part of the manual: the faults with one sort of target.
type section struct {
	on           Target
	Title, Intro string
	Faults       []FaultWord
}

// Reference gives the manual of the language with the words of voc, in
// Markdown.
func Reference(voc Vocabulary) []byte {
	sections := []section{
		{on: OnLink, Title: "On links", Intro: "The target is a link, `FROM->TO`."},
		{on: OnGroups, Title: "Between groups", Intro: "The target is two groups of nodes or more: `A B | C`. Nodes that are in none are not touched."},
		{on: OnNode, Title: "On nodes", Intro: "The target is a node."},
	}
	for i, s := range sections {
		faults := slices.DeleteFunc(slices.Clone(voc.Faults), func(f FaultWord) bool { return f.On != s.on })
		slices.SortFunc(faults, func(a, b FaultWord) int { return cmp.Compare(a.Name, b.Name) })
		sections[i].Faults = faults
	}
	words := template.FuncMap{
		"example": voc.example, "places": SystemWords.usualPlaces, "form": form, "bounds": bounds, "written": written,
		"duration": FormatDuration,
		"code":     func(words []string) string { return "`" + strings.Join(words, "`, `") + "`" },
		"cell":     func(text string) string { return strings.ReplaceAll(text, "|", `\|`) },
		"sentence": func(text string) string { return strings.TrimSuffix(text, ".") + "." },
	}
	var page bytes.Buffer
	err := template.Must(template.New("manual").Funcs(words).Parse(manual)).Execute(&page, map[string]any{
		"MaxTime": maxTime, "Verbs": Verbs, "Sections": sections,
		"Properties": slices.SortedFunc(slices.Values(voc.Properties), func(a, b PropertyWord) int { return cmp.Compare(a.Name, b.Name) }),
		"Systems":    voc.Systems,
	})
	if err != nil {
		panic(err) // the template is wrong
	}
	return page.Bytes()
}

// usualPlaces are those of a run with default parameters; nil if a parameter
// has none.
func (s SystemWords) usualPlaces() *places {
	params, err := s.Params.Parse(nil)
	if err != nil {
		return nil
	}
	return s.places(params)
}

// example gives a line that uses the fault, aimed at the first link on which it
// can act that the vocabulary knows of.
func (voc Vocabulary) example(f FaultWord) string {
	from, to, _ := strings.Cut(voc.exampleLink(f), "->")
	line := "at 1s " + f.Name + " " + map[Target]string{OnNode: to, OnLink: from + "->" + to, OnGroups: from + " | " + to}[f.On]
	for _, a := range f.Attrs {
		if a.Required {
			line += " " + a.Name + "=" + sample(a)
		}
	}
	return line + " for 500ms"
}

func (voc Vocabulary) exampleLink(f FaultWord) string {
	for _, s := range voc.Systems {
		p := s.usualPlaces()
		if p == nil {
			continue
		}
		for _, link := range p.Links {
			if f.On != OnLink || f.ActsOn(p.carrier(link)) {
				return link
			}
		}
	}
	return "A->B"
}

// sample gives a value that is valid, and is not the one that does nothing.
func sample(p param.Param) string {
	switch p.Default.(type) {
	case time.Duration:
		return "80ms"
	case int:
		least, _ := p.Min.(int)
		return fmt.Sprint(max(least, 10))
	case bool:
		return "true"
	}
	return slices.Concat(p.OneOf, []string{"word"})[0]
}

// bounds tells the least and the most of a value.
func bounds(p param.Param) string {
	text := ""
	if p.Min != nil {
		text += ", at least " + written(p.Min)
	}
	if most, bounded := most(p); bounded {
		text += ", at most " + written(most)
	}
	return text
}

// written gives a value as scripts write it.
func written(x any) string {
	if d, ok := x.(time.Duration); ok {
		return FormatDuration(d)
	}
	return fmt.Sprint(x)
}
