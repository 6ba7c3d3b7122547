package users

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// bench is the lab in the virtual world, with nothing running but what a test
// starts. It is its cluster's hooks, and remembers who ended.
type bench struct {
	world.Cluster

	mu     sync.Mutex
	exited map[string]error
}

// onBench runs f in virtual time. roles replace those of the variant. f must not
// fail a test: it runs in a bubble. It returns what is wrong.
func onBench(v lab.Variant, roles map[string]func(context.Context, lab.Env) error, f func(context.Context, *bench) error) error {
	for role, run := range roles {
		v.Roles[role] = run
	}
	system := System()
	sc, err := script("bench", "system users\n")
	if err != nil {
		return err
	}
	b := &bench{exited: map[string]error{}}
	var wrong error
	err = virtual.New().Run(context.Background(), world.Spec{System: system, Variant: &v, Scenario: sc, Seed: 1}, b,
		func(ctx context.Context, c world.Cluster) {
			b.Cluster = c
			wrong = f(ctx, b)
			time.Sleep(time.Second) // virtual; net/http lingers on a connection that it gave up
		})
	return errors.Join(wrong, err)
}

// script reads a script for this lab.
func script(name, text string) (*scenarios.Scenario, error) {
	return scenarios.Parse(name, name, []byte(text), world.Vocabulary(lab.Register(System())))
}

func (*bench) Record(history.Event) {}

func (b *bench) Exited(node string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exited[node] = err
}

func (*bench) Waiting(string) {}

func (*bench) Met(string, int) {}

func (*bench) Refused(string) {}

// Console makes the bench an Observer. Nobody reads what is printed.
func (*bench) Console(string) []string { return nil }

// play starts a node and waits until its role returns.
func (b *bench) play(ctx context.Context, node string) error {
	if err := b.Start(ctx, node, world.Boot{Incarnation: 1}); err != nil {
		return err
	}
	for {
		b.mu.Lock()
		err, ended := b.exited[node]
		b.mu.Unlock()
		if ended {
			return err
		}
		time.Sleep(time.Millisecond) // virtual
	}
}

// talk runs a variant's server, sends it each of the requests, each on a
// connection of its own, and returns the answers and what is read back: an id,
// an @ and an age for each user.
func talk(t *testing.T, v lab.Variant, requests ...string) (answers []string, users string) {
	t.Helper()
	client := func(ctx context.Context, env lab.Env) (err error) {
		time.Sleep(10 * time.Millisecond) // virtual; the server recovers meanwhile
		answers, err = labtest.AskAll(ctx, env, server, requests...)
		return err
	}
	require.NoError(t, onBench(v, map[string]func(context.Context, lab.Env) error{"client": client}, func(ctx context.Context, b *bench) error {
		if err := b.Start(ctx, server, world.Boot{Incarnation: 1}); err != nil {
			return err
		}
		if err := b.Open(ctx, "client->server"); err != nil {
			return err
		}
		if err := b.play(ctx, "client"); err != nil {
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
