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
	return writeAll(out, []outFile{
		{"summary.json", Summarize(runs).JSON},
		{"summary.md", func() ([]byte, error) { return summaryMD(runs), nil }},
		{"junit.xml", func() ([]byte, error) { return junit(runs) }},
		{"index.html", func() ([]byte, error) { return index(os.DirFS(out), runs) }},
	})
}

// outFile is a file of the output folder, and how its content is made.
type outFile struct {
	name string
	make func() ([]byte, error)
}

// writeAll makes files and writes them to the output folder, which it makes if
// need be.
func writeAll(out string, files []outFile) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for _, file := range files {
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
