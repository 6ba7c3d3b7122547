package facade

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// The test binary is also what the live world executes again as a node.
func TestMain(m *testing.M) {
	live.RunIfNode(lab.Register(loaded()))
	os.Exit(m.Run())
}

// parse reads a script for the lab, and gives a system of its own with it.
func parse(t testing.TB, name, text string) (*lab.System, *scenarios.Scenario) {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse(name, name, []byte(text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return system, sc
}
