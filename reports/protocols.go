package reports

import (
	table "faultlab/reports/protocols"
	"faultlab/sim/protocols"
)

// WriteProtocols writes the measured comparison of protocols: protocols.md,
// protocols.json and protocols.html.
func WriteProtocols(out string, rows []protocols.MeasuredRow) error {
	return writeAll(out, []outFile{
		{"protocols.md", func() ([]byte, error) { return table.Markdown(rows), nil }},
		{"protocols.json", func() ([]byte, error) { return table.JSON(rows) }},
		{"protocols.html", func() ([]byte, error) { return table.Page(rows) }},
	})
}
