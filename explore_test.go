package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// took is what differs between two searches for the same.
var took = regexp.MustCompile(` in [0-9.]+m?s`)

// What is found is a script that shows the same again, and who asks again finds
// the same.
func TestExplore(t *testing.T) {
	out := t.TempDir()
	search := func() string {
		code, told, said := faultlab(t, "explore", "-timelines", "100", "-out", out, "notes")
		require.Equal(t, exitOK, code, said)
		return took.ReplaceAllString(told, "")
	}
	told := search()
	require.Contains(t, told, "notes/original: 100 timelines")
	require.Contains(t, told, "notes/hardened: 100 timelines; none violates live, no-duplicates, no-loss, no-phantoms\n")
	for _, property := range []string{"no-duplicates", "no-loss"} {
		file := filepath.Join(out, "explored", "notes-original-"+property+".scenario")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.LessOrEqual(t, strings.Count(string(text), "\n"), 9, string(text))
		require.Contains(t, told, "violates "+property+": ")
		require.Contains(t, told, "faultlab run "+file)
		code, table, said := faultlab(t, "run", "-out", t.TempDir(), file)
		require.Equal(t, exitOK, code, table+said)
		require.Contains(t, table, "original  virtual  violates "+property)
	}
	require.Equal(t, told, search())
	require.NotEqual(t, told, func() string {
		_, told, _ := faultlab(t, "explore", "-timelines", "100", "-seed", "2", "-out", out, "notes")
		return took.ReplaceAllString(told, "")
	}())
}

// A promise that is broken is an error, and so is a timeline that says nothing.
func TestExploreFails(t *testing.T) {
	out := t.TempDir()
	code, told, said := faultlab(t, "explore", "-timelines", "50", "-out", out, "-property", "no-loss", "fragile/hardened")
	require.Equal(t, exitDiffers, code, said)
	require.Contains(t, told, "BREAKS ITS PROMISE OF no-loss: timeline ")
	require.NotContains(t, told, "no-duplicates")

	code, told, said = faultlab(t, "explore", "-timelines", "5", "-out", out, "doomed")
	require.Equal(t, exitUnknown, code, said)
	require.Contains(t, told, "timeline 2 says nothing: the process of this run died")
	require.Contains(t, told, "the stray broke")
	require.Contains(t, told, "and so do 2 more")
}

func TestExploreUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no lab":           {nil, "takes one lab"},
		"unknown lab":      {[]string{"sensr"}, "did you mean sensor?"},
		"unknown variant":  {[]string{"sensor/naive"}, "it has original, hardened"},
		"unknown property": {[]string{"-property", "no-los", "sensor"}, "there is none of that name"},
		"no timelines":     {[]string{"-timelines", "0", "sensor"}, "at least 1"},
		"no seed":          {[]string{"-seed", "x", "sensor"}, "-seed"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, said := faultlab(t, append([]string{"explore"}, test.args...)...)
			require.Equal(t, exitUsage, code)
			require.Contains(t, said, test.want)
		})
	}
}
