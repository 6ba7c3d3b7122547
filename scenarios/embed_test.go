package scenarios_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

func TestListNamesTheEmbeddedScripts(t *testing.T) {
	names := scenarios.List()
	require.Contains(t, names, "sensor/quiet")
	require.True(t, slices.IsSorted(names))
	for _, name := range names {
		text, err := fs.ReadFile(scenarios.Embedded(), name+scenarios.Ext)
		require.NoError(t, err)
		require.NotEmpty(t, text)
		require.False(t, strings.HasPrefix(name, "testdata/"), "a script that only tests need is in the program")
	}
}
