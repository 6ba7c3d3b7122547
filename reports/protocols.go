package reports

import (
	"fmt"
	"os"
	"path/filepath"

	table "faultlab/reports/protocols"
	"faultlab/sim/protocols"
)

// WriteProtocols writes the measured comparison of protocols: protocols.md,
// protocols.json and protocols.html.
func WriteProtocols(out string, rows []protocols.MeasuredRow) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for _, file := range []struct {
		name string
		make func() ([]byte, error)
	}{
		{"protocols.md", func() ([]byte, error) { return table.Markdown(rows), nil }},
		{"protocols.json", func() ([]byte, error) { return table.JSON(rows) }},
		{"protocols.html", func() ([]byte, error) { return table.Page(rows) }},
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
