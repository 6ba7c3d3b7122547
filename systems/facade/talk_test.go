package facade

import (
	"context"
	"fmt"
	"testing"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// talk sends each of the requests to the facade as it is, on a connection of
// its own, and returns the answers and the log.
func talk(t testing.TB, v lab.Variant, script string, requests ...string) (answers, log []string) {
	t.Helper()
	result := worldtest.InPlaceOfClient(t, System(), v, script, func(ctx context.Context, env lab.Env) (err error) {
		answers, err = labtest.AskAll(ctx, env, facade, requests...)
		return err
	})
	return answers, labtest.Values(result.Events, history.Final)
}

// request is one with a body and its length, and maybe a key.
func request(method, path, key, body string) string {
	if key != "" {
		key = keyHeader + ": " + key + "\r\n"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: facade\r\n%sContent-Length: %d\r\n\r\n%s", method, path, key, len(body), body)
}
