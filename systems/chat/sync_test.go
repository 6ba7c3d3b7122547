package chat

import (
	"context"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// What keeps the hardened screens over a power cut are the syncs: the scenario must
// see it if one is left out.
func TestPowerCutFindsAMissingSync(t *testing.T) {
	const file = "chat/power-cut" + scenarios.Ext
	text, err := fs.ReadFile(scenarios.Embedded(), file)
	require.NoError(t, err)
	system := System()
	sc, err := scenarios.Parse(file, file, text, world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	forgetful := hardened()
	forgetful.Roles["peer"] = labtest.Forgetful(hardenedPeer)
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &forgetful, Scenario: sc, Seed: 1}, virtual.New())
	require.False(t, result.AsExpected)
	t.Log(result.Reasons)
}
