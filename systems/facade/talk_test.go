package facade

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
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
	result := inPlaceOf(t, v, script, func(ctx context.Context, env lab.Env) error {
		for _, request := range requests {
			answer, err := converse(ctx, env, request)
			if err != nil {
				return fmt.Errorf("%.80q: %w", request, err)
			}
			answers = append(answers, answer)
		}
		return nil
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

// closed is what converse returns for a connection that ends without an answer.
const closed = "closed"

// converse sends bytes to the facade and returns the status and the body of the
// answer. It waits longer than any service should.
func converse(ctx context.Context, env lab.Env, bytes string) (string, error) {
	c, err := env.Dial(ctx, facade)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if _, err := io.WriteString(c, bytes); err != nil {
		return "", err
	}
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return closed, nil
	}
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.Status + ": " + strings.TrimSpace(string(body)), err
}

// request is one with a body and its length, and maybe a key.
func request(method, path, key, body string) string {
	if key != "" {
		key = keyHeader + ": " + key + "\r\n"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: facade\r\n%sContent-Length: %d\r\n\r\n%s", method, path, key, len(body), body)
}
