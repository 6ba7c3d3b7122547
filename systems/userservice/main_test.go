package userservice

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// run runs a variant in the virtual world.
func run(t testing.TB, v lab.Variant, script string) world.Result {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse("", "test", []byte("system userservice\n"+script), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
}

// inPlaceOf runs a variant with f in place of its clients.
func inPlaceOf(t testing.TB, v lab.Variant, script string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	var wrong error
	v.Roles["client"] = func(ctx context.Context, env lab.Env) error {
		wrong = f(ctx, env)
		return nil
	}
	result := run(t, v, script)
	require.NoError(t, wrong)
	return result
}

// of lists the events of one kind.
func of(r world.Result, kind history.Kind) []history.Event {
	var all []history.Event
	for _, e := range r.Events {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}
