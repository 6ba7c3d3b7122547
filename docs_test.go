package main

import (
	"flag"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/systems"
)

var update = flag.Bool("update", false, "write the generated files anew")

// TestReferenceIsCurrent: the reference page says what the vocabulary says.
func TestReferenceIsCurrent(t *testing.T) {
	const page = "scenarios/README.md"
	want := scenarios.Reference(world.Vocabulary(systems.All()))
	if *update {
		require.NoError(t, os.WriteFile(page, want, 0o644))
	}
	have, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "%s is out of date: make generate", page)
}

// TestEmbeddedScripts: every script that comes with the program is valid, in
// canonical form, and tells a story.
func TestEmbeddedScripts(t *testing.T) {
	words := world.Vocabulary(systems.All())
	for _, name := range scenarios.List() {
		t.Run(name, func(t *testing.T) {
			file := name + scenarios.Ext
			text, err := fs.ReadFile(scenarios.Embedded(), file)
			require.NoError(t, err)
			s, err := scenarios.Parse(name, file, text, words)
			require.NoError(t, err)
			require.Equal(t, string(scenarios.Print(s)), string(text), "faultlab fmt -w scenarios/%s", file)
			require.NotEmpty(t, s.Story, "it has no story")
			require.NotEmpty(t, s.Expects, "it expects nothing")
		})
	}
}
