package worldtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// InPlaceOfClient is Run with f in the place of the lab's first client; the others
// run what they did. The test fails with what f returned last.
func InPlaceOfClient(t testing.TB, system *lab.System, v lab.Variant, script string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	params, err := system.Params.Parse(nil)
	require.NoError(t, err)
	nodes := system.Nodes(params)
	client := nodes[slices.IndexFunc(nodes, func(n lab.Node) bool { return n.Client })]
	wrong := fmt.Errorf("%s was never started", client.Name)
	role := v.Roles[client.Role]
	v.Roles = maps.Clone(v.Roles)
	v.Roles[client.Role] = func(ctx context.Context, env lab.Env) error {
		if env.Node().Name != client.Name {
			return role(ctx, env)
		}
		wrong = f(ctx, env)
		return nil
	}
	result := Run(t, system, v, script)
	require.NoError(t, wrong)
	return result
}
