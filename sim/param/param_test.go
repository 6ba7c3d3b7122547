package param_test

import (
	"errors"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/param"
)

var list = param.List{
	{Name: "readings", Default: 100, Min: 1, Max: 1000},
	{Name: "every", Default: time.Second, Min: time.Millisecond, Max: time.Minute},
	{Name: "offset", Default: time.Duration(0), Min: -time.Hour},
	{Name: "torn", Default: false},
	{Name: "usage", Default: "drawn", OneOf: []string{"drawn", "real"}},
	{Name: "name", Default: "paul"},
	{Name: "retries", Default: 3},
}

func TestParseReadsWhatIsSet(t *testing.T) {
	v, err := list.Parse(map[string]string{"readings": "7", "every": "1.5s", "offset": "-10m", "torn": "true", "usage": "real", "name": "eva"})
	require.NoError(t, err)
	require.Equal(t, 7, v.Int("readings"))
	require.Equal(t, 1500*time.Millisecond, v.Duration("every"))
	require.Equal(t, -10*time.Minute, v.Duration("offset"))
	require.True(t, v.Bool("torn"))
	require.Equal(t, "real", v.String("usage"))
	require.Equal(t, "eva", v.String("name"))
	require.Equal(t, 3, v.Int("retries"), "not set, hence its default")
}

func TestBoundsAreAllowed(t *testing.T) {
	for name, values := range map[string][]string{
		"readings": {"1", "1000"}, "every": {"1ms", "1m"}, "offset": {"-1h", "1000h"}, "retries": {"0"},
	} {
		for _, value := range values {
			_, err := list.Parse(map[string]string{name: value})
			require.NoError(t, err, "%s=%s", name, value)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	with := append(param.List{{Name: "rate", Default: 0, Required: true, Min: 1, Doc: "Bytes a second."}}, list...)
	for _, tc := range []struct {
		list             param.List
		name, value      string
		says             string
		unknown, missing bool
	}{
		{list, "readings", "0", "0 is too low; the least is 1", false, false},
		{list, "readings", "1001", "1001 is too high; the most is 1000", false, false},
		{list, "readings", "1e2", `"1e2" is no whole number`, false, false},
		{list, "readings", "", `"" is no whole number`, false, false},
		{list, "readings", "99999999999999999999", "no whole number", false, false},
		{list, "retries", "-1", "-1 is too low; the least is 0", false, false},
		{list, "every", "1", `"1" is no duration`, false, false},
		{list, "every", "999us", "999µs is too low; the least is 1ms", false, false},
		{list, "every", "61s", "1m1s is too high; the most is 1m0s", false, false},
		{list, "offset", "-61m", "too low", false, false},
		{list, "torn", "yes", `"yes" is neither true nor false`, false, false},
		{list, "torn", "TRUE", "neither true nor false", false, false},
		{list, "usage", "guessed", `"guessed" is none of drawn, real`, false, false},
		{list, "reading", "7", "unknown; known are every, name, offset, readings, retries, torn, usage", true, false},
		{nil, "readings", "7", "unknown; there are none here", true, false},
		{with, "name", "eva", "is required (Bytes a second)", false, true},
	} {
		_, err := tc.list.Parse(map[string]string{tc.name: tc.value})
		var wrong *param.Error
		require.ErrorAs(t, err, &wrong, "%s=%s", tc.name, tc.value)
		require.ErrorContains(t, err, tc.says)
		require.Equal(t, tc.unknown, wrong.Unknown)
		require.Equal(t, tc.missing, wrong.Missing)
		if !tc.missing {
			require.Equal(t, tc.name, wrong.Name)
		}
		require.NotNil(t, errors.Unwrap(err))
	}
}

func TestTextParsesToTheSameValues(t *testing.T) {
	unbounded := param.List{
		{Name: "n", Default: 0, Min: math.MinInt},
		{Name: "d", Default: time.Duration(0), Min: time.Duration(math.MinInt64)},
		{Name: "b", Default: false},
		{Name: "s", Default: ""},
	}
	rapid.Check(t, func(t *rapid.T) {
		v, err := unbounded.Parse(map[string]string{
			"n": strconv.Itoa(rapid.Int().Draw(t, "n")),
			"d": time.Duration(rapid.Int64().Draw(t, "d")).String(),
			"b": strconv.FormatBool(rapid.Bool().Draw(t, "b")),
			"s": rapid.String().Draw(t, "s"),
		})
		require.NoError(t, err)
		again, err := unbounded.Parse(v.Text())
		require.NoError(t, err)
		require.Equal(t, v, again)
	})
}

func TestDefaultsAreTheirOwnText(t *testing.T) {
	v, err := list.Parse(nil)
	require.NoError(t, err)
	again, err := list.Parse(v.Text())
	require.NoError(t, err)
	require.Equal(t, v, again)
}

func TestMistakesOfTheProgramPanic(t *testing.T) {
	v, err := list.Parse(nil)
	require.NoError(t, err)
	require.PanicsWithValue(t, `param: no "reading" of type int`, func() { v.Int("reading") })
	require.PanicsWithValue(t, `param: no "every" of type int`, func() { v.Int("every") })
	require.Panics(t, func() { param.Values{}.String("name") })
	require.Panics(t, func() {
		_, _ = param.List{{Name: "share", Default: 0.5}}.Parse(map[string]string{"share": "1"})
	})
}
