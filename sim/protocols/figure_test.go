package protocols

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFigures(t *testing.T) {
	for _, test := range []struct {
		samples []float64
		digits  int
		want    string
	}{
		{[]float64{2}, 1, "2.0 ms"},
		{[]float64{3, 1, 2}, 0, "2 ms (1–3), noisy"},
		{[]float64{100, 104, 96, 100}, 0, "100 ms (96–100)"},
		{[]float64{1, 2}, 1, "1.5 ms (1.0–2.0), noisy"},
		{[]float64{100, 100, 100, 900}, 0, "100 ms (100–100)"},                   // one that stands out is no noise
		{[]float64{100, 100, 125, 125, 100}, 0, "100 ms (100–125)"},              // just a quarter is not above it
		{[]float64{100, 100, 126, 126, 100}, 0, "100 ms (100–126), noisy"},       // and this is
		{[]float64{0, 0, 0}, 0, "0 ms (0–0)"},                                    // nothing, reliably
		{[]float64{0, 0, 0, 1, 1}, 0, "0 ms (0–1), noisy"},                       // of nothing, anything is much
		{[]float64{7, 1, 3, 5, 9, 11, 13}, 0, "7 ms (3–11), noisy"},              // odd
		{[]float64{100, 99, 101, 100, 100, 102, 98}, 1, "100.0 ms (99.0–101.0)"}, // seven, as live figures have
		{[]float64{12.38, 12.41, 12.44}, 1, "12.4 ms (12.3–12.5)"},               // a range has all it stands for
		{[]float64{.29, .29, .29}, 2, "0.29 ms (0.29–0.29)"},                     // and no more
		{[]float64{-1.26, -1.26, -1.26}, 1, "-1.3 ms (-1.3–-1.2)"},
	} {
		f := Figure{Name: "p50", Unit: "ms", Digits: test.digits, Samples: test.samples}
		require.Equal(t, test.want, f.Value())
		require.Equal(t, "p50: "+test.want, f.String())
	}
}

// What a range says holds of the samples and of their printed median.
func TestARangeContainsItsMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Figure{
			Digits:  rapid.IntRange(0, 3).Draw(t, "digits"),
			Samples: rapid.SliceOfN(rapid.Float64Range(-1e4, 1e4), 2, 100).Draw(t, "samples"),
		}
		low, high := f.Quartiles()
		require.GreaterOrEqual(t, f.Median(), low)
		require.LessOrEqual(t, f.Median(), high)
		for v, outwards := range map[float64]float64{low: f.below(low), high: f.above(high)} {
			require.InDelta(t, v, outwards, math.Pow10(-f.Digits)*(1+1e-6))
		}
		require.LessOrEqual(t, f.below(low), low)
		require.GreaterOrEqual(t, f.above(high), high)
		require.LessOrEqual(t, f.below(low), f.rounded(f.Median()))
		require.GreaterOrEqual(t, f.above(high), f.rounded(f.Median()))
	})
}

// series makes so many samples with a deviation of a hundredth around a level
// that each has by its number.
func series(n int, level func(i int) float64) Figure {
	rnd := rand.New(rand.NewPCG(1, 2))
	f := Figure{Name: "p50", Unit: "ms"}
	for i := range n {
		f.Samples = append(f.Samples, level(i)*(1+.01*rnd.NormFloat64()))
	}
	return f
}

func TestADriftIsNoise(t *testing.T) {
	const n = 120
	for name, test := range map[string]struct {
		level func(i int) float64
		want  bool
	}{
		"calm":           {func(int) float64 { return 100 }, false},
		"a step":         {func(i int) float64 { return 100 + float64(10*(2*i/n)) }, true},
		"a slope":        {func(i int) float64 { return 100 + 10*float64(i)/n }, true},
		"now and then":   {func(i int) float64 { return 100 + float64(10*(i%2)) }, false}, // it spreads, within bounds
		"for a moment":   {func(i int) float64 { return 100 + float64(50*(i/10%12/11)) }, false},
		"a little slope": {func(i int) float64 { return 100 + .5*float64(i)/n }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := series(n, test.level)
			require.Equal(t, test.want, f.Drifts(), f.Value())
			require.Equal(t, test.want, f.Noisy(), f.Value())
			if test.want {
				require.Contains(t, f.Value(), ", noisy: it drifted")
			}
			f.Samples = f.Samples[:halved-1]
			require.False(t, f.Drifts(), "halves of a few differ by chance")
		})
	}
}

// A calm figure is found again: its second median is in the first middle half.
// Seven samples are too few for that, as one figure in three is not.
func TestACalmFigureIsFoundAgain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	normal := func(n int) (f Figure) {
		for range n {
			f.Samples = append(f.Samples, 100+rnd.NormFloat64())
		}
		return f
	}
	const pairs = 2000
	missed := map[int]int{}
	for _, n := range []int{7, 60, 120} {
		for range pairs {
			if first, second := normal(n), normal(n); !first.covers(second.Median()) {
				missed[n]++
			}
		}
	}
	require.Greater(t, missed[7], pairs/5)
	require.Less(t, missed[60], pairs/50)
	require.Less(t, missed[120], pairs/500)
}

func TestQuantileIsOneOfTheValues(t *testing.T) {
	values := []float64{40, 10, 30, 20}
	for part, want := range map[float64]float64{0: 10, .25: 10, .26: 20, .5: 20, .75: 30, .99: 40, 1: 40} {
		require.Equal(t, want, quantile(values, part), part)
	}
	require.Equal(t, []float64{40, 10, 30, 20}, values, "the caller's order stays")
}
