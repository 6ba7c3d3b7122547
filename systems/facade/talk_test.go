package facade

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// inPlaceOf runs a variant in the virtual world, with f in place of its first
// client, and returns what happened.
func inPlaceOf(t testing.TB, v lab.Variant, script string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	system, sc := parse(t, "talk", "system facade\n"+script)
	var wrong error
	v.Roles["client"] = func(ctx context.Context, env lab.Env) error {
		wrong = f(ctx, env)
		return nil
	}
	result := world.Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
	require.NoError(t, wrong)
	return result
}

// talk sends each of the requests to the facade as it is, on a connection of
// its own, and returns the answers and the log.
func talk(t testing.TB, v lab.Variant, script string, requests ...string) (answers, log []string) {
	t.Helper()
	result := inPlaceOf(t, v, script, func(ctx context.Context, env lab.Env) (err error) {
		answers, err = labtest.AskAll(ctx, env, facade, requests...)
		return err
	})
	return answers, valuesOf(result, history.Final)
}

// valuesOf lists the values of the events of one kind.
func valuesOf(r world.Result, kind history.Kind) []string {
	var values []string
	for _, e := range r.Events {
		if e.Kind == kind {
			values = append(values, e.Value)
		}
	}
	return values
}

// request is one with a body and its length, and maybe a key.
func request(method, path, key, body string) string {
	if key != "" {
		key = keyHeader + ": " + key + "\r\n"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: facade\r\n%sContent-Length: %d\r\n\r\n%s", method, path, key, len(body), body)
}
