package users

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/worldtest"
)

// onBench is worldtest.OnBench, and goes on for as long as net/http lingers on a
// connection that it gave up.
func onBench(v lab.Variant, f func(context.Context, *worldtest.Bench) error) error {
	return worldtest.OnBench(System(), v, func(ctx context.Context, b *worldtest.Bench) error {
		defer time.Sleep(time.Second) // virtual
		return f(ctx, b)
	})
}

// talk runs a variant's server, sends it each of the requests, each on a
// connection of its own, and returns the answers and what is read back: an id,
// an @ and an age for each user.
func talk(t *testing.T, v lab.Variant, requests ...string) (answers []string, users string) {
	t.Helper()
	v.Roles["client"] = func(ctx context.Context, env lab.Env) (err error) {
		time.Sleep(10 * time.Millisecond) // virtual; the server recovers meanwhile
		answers, err = labtest.AskAll(ctx, env, server, requests...)
		return err
	}
	require.NoError(t, onBench(v, func(ctx context.Context, b *worldtest.Bench) error {
		if err := b.Start(ctx, server, world.Boot{Incarnation: 1}); err != nil {
			return err
		}
		if err := b.Open(ctx, "client->server"); err != nil {
			return err
		}
		if err := b.Play(ctx, "client"); err != nil {
			return err
		}
		log, err := v.ReadBack(ctx, b)
		var all []string
		for _, e := range log {
			all = append(all, e.ID+"@"+e.Value)
		}
		users = strings.Join(all, " ")
		return err
	}))
	return answers, users
}

// asked is the bytes of a request. headers are "Name: value".
func asked(method, path, body string, headers ...string) string {
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: server\r\nContent-Length: %d\r\n", method, path, len(body))
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + "\r\n" + body
}
