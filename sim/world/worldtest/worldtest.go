// Package worldtest runs a lab in the two worlds for that lab's own tests.
package worldtest

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

// Main runs the tests of a package. The test binary is also what the live world
// executes again as a node of these labs.
func Main(m *testing.M, labs ...*lab.System) {
	live.RunIfNode(lab.Register(labs...))
	os.Exit(m.Run())
}

// Parse reads a script of a lab. It is without the line that names the system.
func Parse(t testing.TB, system *lab.System, script string) *scenarios.Scenario {
	t.Helper()
	text := "system " + system.Name + "\n" + script
	sc, err := scenarios.Parse("test", "test", []byte(text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return sc
}

// Run runs a script against a variant in the virtual world, with the faults that
// only that has among its words.
func Run(t testing.TB, system *lab.System, v lab.Variant, script string) world.Result {
	t.Helper()
	sc := Parse(t, system, "world virtual\n"+script)
	return world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
}
