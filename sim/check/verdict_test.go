package check

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLasted(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10133347126 * time.Nanosecond: "10.1 s",
		2050 * time.Millisecond:       "2.05 s",
		2 * time.Second:               "2 s",
		20 * time.Minute:              "1200 s",
		11 * time.Millisecond:         "11 ms",
		999999 * time.Microsecond:     "1000 ms",
		0:                             "0 ms",
	} {
		require.Equal(t, want, lasted(d))
	}
}

// Two values that differ are shown to differ, however late they do.
func TestContrasted(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, test := range []struct{ a, b string }{
		{"a", "b"}, {"", "b"}, {long, long + "x"}, {long + "a", long + "b"}, {long + "a" + long, long + "b" + long}, {"x", long},
	} {
		a, b := contrasted(test.a, test.b)
		require.NotEqual(t, a, b)
		require.Less(t, len(a), 200)
	}
	a, b := contrasted(long, long+"x")
	require.Contains(t, a, "(100 bytes)")
	require.Contains(t, b, "(101 bytes)")
}
