package protocols

import (
	"testing"

	"github.com/stretchr/testify/require"
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
	} {
		f := Figure{Name: "p50", Unit: "ms", Digits: test.digits, Samples: test.samples}
		require.Equal(t, test.want, f.Value())
		require.Equal(t, "p50: "+test.want, f.String())
	}
}

func TestQuantileIsOneOfTheValues(t *testing.T) {
	values := []float64{40, 10, 30, 20}
	for part, want := range map[float64]float64{0: 10, .25: 10, .26: 20, .5: 20, .75: 30, .99: 40, 1: 40} {
		require.Equal(t, want, quantile(values, part), part)
	}
	require.Equal(t, []float64{40, 10, 30, 20}, values, "the caller's order stays")
}
