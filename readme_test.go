package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
)

// The scripts that the README shows are scripts: who copies one can run it.
func TestReadmeScripts(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	labs := testLabs()
	words := world.Vocabulary(labs)
	shown := 0
	for i, block := range strings.Split(string(text), "```\n") {
		if i%2 == 0 || !strings.Contains(block, "\nsystem ") {
			continue
		}
		_, err := parseScript("README.md", "README.md", []byte(block), labs, words)
		require.NoError(t, err, block)
		shown++
	}
	require.Equal(t, 2, shown)
}
