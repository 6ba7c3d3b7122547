package chat

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
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

// parse reads a script for the lab, and gives a system of its own with it.
func parse(t testing.TB, text string) (*lab.System, *scenarios.Scenario) {
	t.Helper()
	system := System()
	sc, err := scenarios.Parse("test", "test", []byte("system chat\n"+text), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err)
	return system, sc
}

// inPlaceOfAnouk runs a variant in the virtual world, with f at Anouk's machine
// in place of her program, and returns what happened.
func inPlaceOfAnouk(t testing.TB, v lab.Variant, script string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	system, sc := parse(t, script)
	peer := v.Roles["peer"]
	var wrong error
	v.Roles["peer"] = func(ctx context.Context, env lab.Env) error {
		if env.Node().Name != anouk {
			return peer(ctx, env)
		}
		ln, err := env.Listen(anoukPort)
		if err == nil {
			defer ln.Close()
			err = f(ctx, env)
		}
		wrong = err
		return nil
	}
	v.ReadBack = func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
		if v.Name == "original" {
			return readConsoles(ctx, o)
		}
		return readScreen(ctx, o, davide)
	}
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
	require.NoError(t, wrong)
	return result
}

// onDavides gives the texts that Davide's screen shows of others.
func onDavides(r world.Result) []string {
	var texts []string
	for _, e := range r.Events {
		if e.Kind == history.Final && e.Node == davide && e.Source != davide {
			texts = append(texts, e.Value)
		}
	}
	return texts
}
