package reports

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write writes the files over all runs: summary.json, summary.md, junit.xml and
// index.html. The runs were saved below out before: the page links what it
// finds there.
func Write(out string, runs []Run) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for _, file := range []struct {
		name string
		make func() ([]byte, error)
	}{
		{"summary.json", Summarize(runs).JSON},
		{"summary.md", func() ([]byte, error) { return summaryMD(runs), nil }},
		{"junit.xml", func() ([]byte, error) { return junit(runs) }},
		{"index.html", func() ([]byte, error) { return index(os.DirFS(out), runs) }},
	} {
		data, err := file.make()
		if err == nil {
			err = writeFile(filepath.Join(out, file.name), data)
		}
		if err != nil {
			return fmt.Errorf("write %s in %s: %w", file.name, out, err)
		}
	}
	return nil
}
