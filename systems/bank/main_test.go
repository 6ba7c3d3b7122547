package bank

import (
	"testing"

	"faultlab/sim/world/worldtest"
)

func TestMain(m *testing.M) { worldtest.Main(m, System()) }
