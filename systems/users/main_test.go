package users

import (
	"os"
	"testing"

	"faultlab/sim/lab"
	"faultlab/sim/world/live"
)

// The test binary is also what the live world executes again as a node.
func TestMain(m *testing.M) {
	live.RunIfNode(lab.Register(System(), loaded()))
	os.Exit(m.Run())
}
