package reports

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
)

//go:embed index.gohtml
var indexPage string

// overview is what index.gohtml shows.
type overview struct {
	Counts   Counts
	Problems []indexRow // what a person has to look at
	Labs     []indexLab // all runs
}

type indexLab struct {
	Name string
	Rows []indexRow
}

// Matrix is the lab at a glance.
func (l indexLab) Matrix() matrix { return matrixOf(l.Rows) }

type indexRow struct {
	Run
	Name  string // the scenario's own name
	ID    string // anchor on the page
	Page  string // the run's own page; empty: there is none
	Files []indexFile
}

// Sentence explains the row: what came of the message that its page tells of,
// and which fault met it.
func (r indexRow) Sentence() string {
	if len(r.Stories) == 0 {
		return ""
	}
	s := r.Stories[0]
	if s.Fault == "" {
		return printable(s.End)
	}
	return printable(s.End + "; the fault: " + s.Fault)
}

type indexFile struct{ Name, Link string }

// index prints the page over all runs. out is the output folder: a run's links
// are the files that are there.
func index(out fs.FS, runs []Run) ([]byte, error) {
	view := overview{Counts: Count(runs)}
	for _, r := range runs {
		files, err := runFiles(out, Dir(r.Record))
		if err != nil {
			return nil, err
		}
		row := indexRow{Run: r, Name: ScenarioName(r.Record), ID: Dir(r.Record), Files: files}
		for _, f := range files {
			if f.Name == pageFile {
				row.Page = f.Link
			}
		}
		if r.State() != AsExpected {
			view.Problems = append(view.Problems, row)
		}
		i := slices.IndexFunc(view.Labs, func(l indexLab) bool { return l.Name == r.Record.Lab })
		if i < 0 {
			i = len(view.Labs)
			view.Labs = append(view.Labs, indexLab{Name: r.Record.Lab})
		}
		view.Labs[i].Rows = append(view.Labs[i].Rows, row)
	}
	tmpl, err := template.New("index").Parse(indexPage)
	if err != nil {
		return nil, fmt.Errorf("parse the page's template: %w", err)
	}
	var buf bytes.Buffer
	if err := tmpl.Execute(&buf, view); err != nil {
		return nil, fmt.Errorf("fill the page's template: %w", err)
	}
	return buf.Bytes(), nil
}

// runFiles lists the files of a run, its own first, then consoles and disks. A
// run whose folder is gone has none.
func runFiles(out fs.FS, dir string) ([]indexFile, error) {
	var files []indexFile
	err := fs.WalkDir(out, dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files = append(files, indexFile{
			Name: strings.TrimPrefix(name, dir+"/"),
			// Escaped: a lab may call a file "50%?".
			Link: (&url.URL{Path: name}).String(),
		})
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the files of a run: %w", err)
	}
	slices.SortStableFunc(files, func(a, b indexFile) int {
		return depth(a.Name) - depth(b.Name)
	})
	return files, nil
}

func depth(name string) int {
	if path.Dir(name) == "." {
		return 0
	}
	return 1
}
