package protocols

import (
	"bytes"
	"encoding/json"
	"fmt"

	"faultlab/sim/protocols"
)

// The shape of protocols.json.
type (
	document struct {
		Rows []rowShape `json:"rows"`
	}
	rowShape struct {
		Name  string      `json:"name"`
		Title string      `json:"title"`
		How   string      `json:"how"`
		Cells []cellShape `json:"cells"`
	}
	cellShape struct {
		Protocol    string        `json:"protocol"`
		Claim       string        `json:"claim"`
		Finding     string        `json:"finding,omitempty"`
		Contradicts bool          `json:"contradicts"`
		Command     string        `json:"command,omitempty"` // none: nothing is measured
		Figures     []figureShape `json:"figures,omitempty"`
		Left        bool          `json:"left_out,omitempty"` // live figures, for which nobody asked
		Problems    []string      `json:"problems,omitempty"`
	}
	figureShape struct {
		Name    string    `json:"name"`
		Unit    string    `json:"unit"`
		World   string    `json:"world"`
		Median  float64   `json:"median"`
		Low     float64   `json:"quartile_1"`
		High    float64   `json:"quartile_3"`
		Noisy   bool      `json:"noisy"`
		Samples []float64 `json:"samples"`
	}
)

// JSON prints the table for programs.
func JSON(table []protocols.MeasuredRow) ([]byte, error) {
	var d document
	for _, row := range table {
		r := rowShape{Name: row.Name, Title: row.Title, How: row.How}
		for _, m := range row.Cells {
			r.Cells = append(r.Cells, shapeOf(m))
		}
		d.Rows = append(d.Rows, r)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("encode the table of protocols: %w", err)
	}
	return buf.Bytes(), nil
}

func shapeOf(m *protocols.Measured) cellShape {
	c := cellShape{
		Protocol: m.Protocol, Claim: m.Claim, Finding: m.Finding, Contradicts: m.Contradicts,
		Left: m.Left(), Problems: m.Problems,
	}
	if len(m.Probes) > 0 {
		c.Command = Command(m.Cell)
	}
	for _, f := range m.Figures() {
		low, high := f.Quartiles()
		c.Figures = append(c.Figures, figureShape{
			Name: f.Name, Unit: f.Unit, World: f.World,
			Median: f.Median(), Low: low, High: high, Noisy: f.Noisy(), Samples: f.Samples,
		})
	}
	return c
}
