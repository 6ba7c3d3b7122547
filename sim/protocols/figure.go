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
	Samples []float64 // in the order of time; of the virtual world just one
}

// noise is the spread above which a figure counts as noisy: the range of its
// middle half, as a part of its median.
const noise = .25

// halved is how many samples it takes to tell a drift. The halves of fewer
// differ by chance.
const halved = 40

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

// Noisy reports whether the median says little, be it that the samples differ
// much, or that they drift.
func (f Figure) Noisy() bool {
	low, high := f.Quartiles()
	return high-low > noise*math.Abs(f.Median()) || f.Drifts()
}

// Drifts reports whether something changed while it was measured, such as what
// else the machine does: each half of the time has its median outside the middle
// half of the other. Who measures again finds either, or a third; and a range as
// narrow as that of a calm figure would promise that they do not.
func (f Figure) Drifts() bool {
	n := len(f.Samples)
	if n < halved {
		return false
	}
	early, late := f, f
	early.Samples, late.Samples = f.Samples[:n/2], f.Samples[n/2:]
	return !early.covers(late.Median()) && !late.covers(early.Median())
}

// covers reports whether a value lies in the middle half of the samples.
func (f Figure) covers(v float64) bool {
	low, high := f.Quartiles()
	return low <= v && v <= high
}

// Value prints the figure with its unit, and of several samples how they
// differ. The range is rounded outwards, so that it has all that it stands for:
// to the nearest, quartiles of 12.38 and 12.44 would be the range 12.4–12.4, and
// a median of 12.44 just as well in it as out of it.
func (f Figure) Value() string {
	text := f.print(f.Median()) + " " + f.Unit
	if len(f.Samples) < 2 {
		return text
	}
	low, high := f.Quartiles()
	text += fmt.Sprintf(" (%s–%s)", f.print(f.below(low)), f.print(f.above(high)))
	if f.Noisy() {
		text += ", noisy"
	}
	if f.Drifts() {
		text += ": it drifted"
	}
	return text
}

func (f Figure) String() string { return f.Name + ": " + f.Value() }

func (f Figure) print(v float64) string { return strconv.FormatFloat(v, 'f', f.Digits, 64) }

// below gives the greatest value of that many digits that is not above v.
func (f Figure) below(v float64) float64 {
	rounded := f.rounded(v)
	if rounded > v {
		rounded = f.rounded(rounded - math.Pow10(-f.Digits))
	}
	return rounded
}

// above gives the least value of that many digits that is not below v.
func (f Figure) above(v float64) float64 { return -f.below(-v) }

// rounded goes through the text, since .01 is no binary fraction: .29·100 is less
// than 29, and its floor is 28.
func (f Figure) rounded(v float64) float64 {
	r, _ := strconv.ParseFloat(f.print(v), 64) // it has just been printed
	return r
}

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
