package scenarios_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

func TestReferenceNamesEveryWord(t *testing.T) {
	voc := vocabulary()
	page := string(scenarios.Reference(voc))
	for _, f := range voc.Faults {
		require.Contains(t, page, "#### "+f.Name+"\n")
		for _, a := range f.Attrs {
			require.Contains(t, page, "| `"+a.Name+"` | ")
		}
	}
	for _, p := range voc.Properties {
		require.Contains(t, page, "| `"+p.Name+"` | "+p.Doc+" |\n")
	}
	for _, v := range scenarios.Verbs {
		require.Contains(t, page, "| `"+v.Name+"` | ")
	}
	require.Contains(t, page, "| `readings` | NUMBER, at least 1, at most 100000 | `100` | How many readings each sensor takes. |\n")
	require.Contains(t, page, "| `every` | DURATION, at least 1ms, at most 1h | `1s` | ")
	require.Contains(t, page, "| `offset` | DURATION, at least -1000h, at most 1000h | required | Says offset. |\n")
}

func TestReferenceExamplesAreValid(t *testing.T) {
	voc := vocabulary()
	examples := regexp.MustCompile("(?m)^- Example: `(.*)`$").FindAllStringSubmatch(string(scenarios.Reference(voc)), -1)
	require.Len(t, examples, len(voc.Faults))
	for _, e := range examples {
		script := "system sensor\nworld virtual\n" + e[1] + "\n"
		_, err := scenarios.Parse("", "example", []byte(script), voc)
		require.NoError(t, err, e[1])
	}
}

func TestReferenceScriptIsCanonical(t *testing.T) {
	_, rest, _ := strings.Cut(string(scenarios.Reference(vocabulary())), "```\n")
	script, _, _ := strings.Cut(rest, "```\n")
	require.Equal(t, script, string(scenarios.Print(parse(t, script))))
}
