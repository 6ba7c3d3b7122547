package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"sync"

	"faultlab/sim/explain"
)

// Parts are pieces of a page that stand on another one, beside those of other
// runs.
type Parts struct {
	Model    json.RawMessage // what spaceTime draws: see Program
	Topology template.HTML
	Story    template.HTML
	Logs     template.HTML
	// Uses tells for each fault of the script when it was in force, in µs;
	// an end of -1 is that of the run.
	Uses [][][2]int64
}

var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.ParseFS(files, "*.gohtml")
})

// Assemble gives the parts of the page on a run.
func Assemble(r Run, beside []Beside) (Parts, error) {
	v, err := look(r, beside)
	if err != nil {
		return Parts{}, err
	}
	p := Parts{Model: json.RawMessage(v.Data)}
	for _, f := range v.Faults {
		uses := [][2]int64{}
		for _, w := range f.Uses {
			to := int64(-1)
			if w.To != explain.Forever {
				to = micro(w.To)
			}
			uses = append(uses, [2]int64{micro(w.From), to})
		}
		p.Uses = append(p.Uses, uses)
	}
	if p.Topology, err = part("topology.gohtml", v.Topology); err != nil {
		return Parts{}, err
	}
	for _, s := range v.Stories {
		text, err := part("story.gohtml", s)
		if err != nil {
			return Parts{}, err
		}
		p.Story += text
	}
	for _, l := range v.Logs {
		text, err := part("logs.gohtml", l)
		if err != nil {
			return Parts{}, err
		}
		p.Logs += text
	}
	return p, nil
}

func part(name string, data any) (template.HTML, error) {
	all, err := parsed()
	if err != nil {
		return "", fmt.Errorf("parse the page's templates: %w", err)
	}
	var buf bytes.Buffer
	if err := all.ExecuteTemplate(&buf, name, data); err != nil {
		return "", fmt.Errorf("fill %s: %w", name, err)
	}
	return template.HTML(clean(buf.String())), nil
}

// Program is the part of the page's program that draws runs, as a module:
// unpack makes a model of what Parts has, and spaceTime draws it.
func Program() ([]byte, error) {
	var all bytes.Buffer
	for _, name := range []string{"model.js", "scale.js", "diagram.js", "panel.js"} {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the page's program: %w", err)
		}
		all.Write(text)
	}
	all.WriteString("export { unpack, thread, meanwhile, describe, milliseconds, spaceTime, stepScale, timeScale };\n")
	return all.Bytes(), nil
}
