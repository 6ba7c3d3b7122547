package multicast

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
	live.RunIfNode(lab.Register(System()))
	os.Exit(m.Run())
}

// parse reads a script for the lab, and gives a system of its own with it.
func parse(t testing.TB, text string) (*lab.System, *scenarios.Scenario) {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse("test", "test", []byte("system multicast\n"+text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return system, sc
}
