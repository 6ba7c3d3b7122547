package tcpecho

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

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

// script reads a script for this lab.
func script(name, text string) (*scenarios.Scenario, error) {
	return scenarios.Parse(name, name, []byte("system tcpecho\n"+text), world.Vocabulary(lab.Register(System())))
}

// inPlaceOf runs a variant in the virtual world, with f in place of its first
// client, and returns what happened.
func inPlaceOf(t testing.TB, v lab.Variant, text string, f func(context.Context, lab.Env) error) world.Result {
	t.Helper()
	sc, err := script("talk", "world virtual\n"+text)
	require.NoError(t, err)
	var wrong error
	others := v.Roles["client"]
	v.Roles["client"] = func(ctx context.Context, env lab.Env) error {
		if env.Node().Name != "client" {
			return others(ctx, env)
		}
		wrong = f(ctx, env)
		return nil
	}
	result := world.Run(context.Background(), world.Spec{System: System(), Variant: &v, Scenario: sc, Seed: 1}, virtual.New())
	require.NoError(t, wrong)
	return result
}

// shout sends pieces as they are over one connection, each after what came in
// answer to the one before, and returns all that came until the server had
// nothing more to say, read by read; the last is ended if it closed.
func shout(ctx context.Context, env lab.Env, pieces ...string) (reads []string, err error) {
	conn, err := env.Dial(ctx, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	reads, err = listen(conn)
	for _, piece := range pieces {
		if err != nil {
			break
		}
		if _, err := io.WriteString(conn, piece); err != nil {
			return nil, err
		}
		var more []string
		more, err = listen(conn)
		reads = append(reads, more...)
	}
	if errors.Is(err, io.EOF) {
		reads, err = append(reads, ended), nil
	}
	return reads, err
}

const ended = "."

// listen reads until nothing has come for longer than anything takes.
func listen(conn net.Conn) (reads []string, err error) {
	data := make([]byte, 1<<20)
	for {
		if err := conn.SetReadDeadline(ahead(50 * time.Millisecond)); err != nil {
			return reads, err
		}
		n, err := conn.Read(data)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return reads, nil
		}
		if err != nil {
			return reads, err
		}
		reads = append(reads, string(data[:n]))
	}
}

// printed lists what the server's console shows.
func printed(r world.Result) []string {
	var lines []string
	for _, e := range r.Events {
		if e.Kind == history.Print && e.Node == server {
			lines = append(lines, e.Value)
		}
	}
	return lines
}

// logged lists the lab's log as read back.
func logged(r world.Result) []string {
	lines := []string{}
	for _, e := range r.Events {
		if e.Kind == history.Final {
			lines = append(lines, e.Value)
		}
	}
	return lines
}
