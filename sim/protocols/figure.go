package protocols

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Figure is what was measured in one or more runs of a probe.
type Figure struct {
	Name    string
	Unit    string
	Digits  int
	World   string
	Samples []float64 // one a run; of the virtual world just one
}

// noise is the spread above which a figure counts as noisy: the range of its
// middle half, as a part of its median.
const noise = .25

// Median is the middle sample, or the mean of the two in the middle.
func (f Figure) Median() float64 {
	sorted := slices.Sorted(slices.Values(f.Samples))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Quartiles are the ends of the middle half of the samples.
func (f Figure) Quartiles() (low, high float64) {
	return quantile(f.Samples, .25), quantile(f.Samples, .75)
}

// Noisy reports whether the samples differ so much that the median says little.
func (f Figure) Noisy() bool {
	low, high := f.Quartiles()
	return high-low > noise*math.Abs(f.Median())
}

// Value prints the figure with its unit, and of several samples how they
// differ.
func (f Figure) Value() string {
	text := f.print(f.Median()) + " " + f.Unit
	if len(f.Samples) < 2 {
		return text
	}
	low, high := f.Quartiles()
	text += fmt.Sprintf(" (%s–%s)", f.print(low), f.print(high))
	if f.Noisy() {
		text += ", noisy"
	}
	return text
}

func (f Figure) String() string { return f.Name + ": " + f.Value() }

func (f Figure) print(v float64) string { return strconv.FormatFloat(v, 'f', f.Digits, 64) }

// figures prepares the figures of a probe.
func (p Probe) figures() []Figure {
	all := make([]Figure, 0, len(p.Measures))
	for _, m := range p.Measures {
		name := m.Name
		if p.Name != "" {
			name = p.Name + ", " + name
		}
		all = append(all, Figure{Name: name, Unit: m.Unit, Digits: m.Digits, World: p.World})
	}
	return all
}
