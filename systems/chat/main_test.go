package chat

import (
	"context"
	"testing"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/worldtest"
)

func TestMain(m *testing.M) { worldtest.Main(m, System()) }

// inPlaceOfAnouk runs a variant in the virtual world, with f at Anouk's machine
// in place of her program, and returns what happened.
func inPlaceOfAnouk(t testing.TB, v lab.Variant, script string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	v.ReadBack = func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
		if v.Name == "original" {
			return readConsoles(ctx, o)
		}
		return readScreen(ctx, o, davide)
	}
	return worldtest.InPlaceOfClient(t, System(), v, script, func(ctx context.Context, env lab.Env) error {
		ln, err := env.Listen(anoukPort)
		if err != nil {
			return err
		}
		defer ln.Close()
		return f(ctx, env)
	})
}

// onDavides gives the texts that Davide's screen shows of others.
func onDavides(r world.Result) []string {
	var texts []string
	for _, e := range labtest.Of(r.Events, history.Final) {
		if e.Node == davide && e.Source != davide {
			texts = append(texts, e.Value)
		}
	}
	return texts
}
