package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
	"faultlab/sim/explore"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// TestPictureIsCurrent: the picture in the README is what the program draws of
// the scenario that the README tells.
func TestPictureIsCurrent(t *testing.T) {
	const file = "reports/lost-ack.svg"
	labs := systems.All()
	c := command{labs: labs, words: world.Vocabulary(labs)}
	s, err := c.read("sensor/lost-ack")
	require.NoError(t, err)
	v, _ := s.system.Variant("original")
	spec := s.spec(v, nil)
	r := explained(explore.New(s.system, v, c.words, virtual.New(), spec.Seed), spec)
	want, err := reports.Picture(r)
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "%s is out of date: make generate", file)
}
