package sensor

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
	"faultlab/sim/world/virtual"
)

// The test binary is also what the live world executes again as a node.
func TestMain(m *testing.M) {
	live.RunIfNode(lab.Register(System()))
	os.Exit(m.Run())
}

// parse reads a script for this lab.
func parse(t *testing.T, name, text string) (*lab.System, *scenarios.Scenario) {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse(name, name, []byte(text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return system, sc
}

// runScript runs a script in the virtual world.
func runScript(t *testing.T, variant, text string) world.Result {
	t.Helper()
	system, sc := parse(t, "test", text)
	v, known := system.Variant(variant)
	require.True(t, known, "variant %s", variant)
	return world.Run(context.Background(), world.Spec{System: system, Variant: v, Scenario: sc, Seed: 1}, virtual.New())
}
