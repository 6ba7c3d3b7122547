//go:build unix

package live

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// startAll starts both nodes and gives the address at which the store listens.
func startAll(t testing.TB, ctx context.Context, w *witness, c world.Cluster) string {
	t.Helper()
	require.NoError(t, c.Start(ctx, "store", world.Boot{}))
	require.NoError(t, c.Open(ctx, link))
	require.NoError(t, c.Start(ctx, "client", world.Boot{}))
	require.NoError(t, w.await(ctx, func() bool { return len(w.ofLocked("store", history.Print)) > 0 }))
	return strings.TrimPrefix(w.of("store", history.Print)[0].Value, "at ")
}

func requireClosed(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		conn.Close()
	}
	require.Error(t, err, "%s is still open", addr)
}

func TestCancelledInTheMiddle(t *testing.T) {
	w := newWitness()
	opts := Options{Temp: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	var store, proxied string
	err := New(opts).Run(ctx, specOf(t, "plain", 1_000_000), w, func(ctx context.Context, c world.Cluster) {
		store = startAll(t, t.Context(), w, c)
		proxied = c.(*cluster).at.links[link]
		require.NotEmpty(t, nodesUnder(t, opts.Temp))
		require.NoError(t, c.Pause("store"), "who stands still must go as well")
		cancel()
		<-ctx.Done()
	})
	require.NoError(t, err)
	requireNothingLeft(t, opts.Temp)
	requireClosed(t, store)
	requireClosed(t, proxied)
}

func TestRelativeTemp(t *testing.T) {
	t.Chdir(t.TempDir())
	w := newWitness()
	err := driveWith(t, Options{Temp: "."}, specOf(t, "plain", 1), w, func(ctx context.Context, c world.Cluster) {
		startAll(t, ctx, w, c)
		require.NoError(t, w.await(ctx, func() bool { return w.waiting == 1 }))
		_, err := c.Disk("store").Read("log")
		require.NoError(t, err)
	})
	require.NoError(t, err)
	err = New(Options{Temp: "missing"}).Run(t.Context(), specOf(t, "plain", 1), w, nil)
	require.ErrorContains(t, err, "make a folder for the run")
}

func TestDriverPanics(t *testing.T) {
	w := newWitness()
	opts := Options{Temp: t.TempDir()}
	require.PanicsWithValue(t, "oops", func() {
		_ = New(opts).Run(t.Context(), specOf(t, "stubborn", 1), w, func(ctx context.Context, c world.Cluster) {
			require.NoError(t, c.Start(ctx, "store", world.Boot{}))
			panic("oops")
		})
	})
	requireNothingLeft(t, opts.Temp)
}

func TestTwoRunsAtOnce(t *testing.T) {
	l := New(Options{Temp: t.TempDir()})
	var both, runs sync.WaitGroup
	both.Add(2)
	addrs := make([]string, 2)
	for i := range addrs {
		runs.Go(func() {
			w := newWitness()
			err := l.Run(t.Context(), specOf(t, "plain", 1), w, func(ctx context.Context, c world.Cluster) {
				addrs[i] = startAll(t, ctx, w, c)
				both.Done()
				both.Wait()
			})
			require.NoError(t, err)
		})
	}
	runs.Wait()
	require.NotEqual(t, addrs[0], addrs[1])
}

func TestControlAPI(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	free := ln.Addr().String()
	require.NoError(t, ln.Close())

	w := newWitness()
	err = driveWith(t, Options{Temp: t.TempDir(), API: free}, specOf(t, "plain", 1), w, func(context.Context, world.Cluster) {
		reply, err := http.Get("http://" + free + "/proxies")
		require.NoError(t, err)
		defer reply.Body.Close()
		var proxies map[string]any
		require.NoError(t, json.NewDecoder(reply.Body).Decode(&proxies))
		require.Contains(t, proxies, link)
	})
	require.NoError(t, err)
	requireClosed(t, free)

	never := func(context.Context, world.Cluster) { t.Error("the run went on") }
	for _, api := range []string{"0.0.0.0:0", ":0", "example.org:80", "8474"} {
		err := driveWith(t, Options{Temp: t.TempDir(), API: api}, specOf(t, "plain", 1), w, never)
		require.ErrorContains(t, err, "serve the control API on "+api)
	}
}

// doomedEnv makes the test binary a runner that is to be killed; its value is
// its temporary folder.
const doomedEnv = "FAULTLAB_TEST_DOOMED"

// runDoomed starts nodes, one of which stands still, says so and hangs.
func runDoomed(temp string) {
	s, _ := registry.Lookup("depot")
	v, _ := s.Variant("chatty")
	p, _ := s.Params.Parse(nil)
	w := newWitness()
	err := New(Options{Temp: temp}).Run(context.Background(), world.Spec{System: s, Variant: v, Scenario: &scenarios.Scenario{Params: p}}, w,
		func(ctx context.Context, c world.Cluster) {
			fmt.Println(c.Start(ctx, "store", world.Boot{}), c.Start(ctx, "client", world.Boot{}), c.Pause("client"))
			select {}
		})
	fmt.Println(err)
}

func TestNodesDieWithTheirRunner(t *testing.T) {
	temp := t.TempDir()
	runner := exec.Command(os.Args[0])
	runner.Env = append(os.Environ(), doomedEnv+"="+temp)
	out, err := runner.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, runner.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "<nil> <nil> <nil>\n", said)
	require.NoError(t, runner.Process.Kill())
	require.Error(t, runner.Wait())
	require.Eventually(t, func() bool { return len(nodesUnder(t, temp)) == 0 }, time.Minute, time.Millisecond)
}

// Where the system does not kill a node with its runner, the end of its orders
// must.
func TestNodeDiesWithItsOrders(t *testing.T) {
	w := newWitness()
	err := drive(t, "stubborn", 1, w, func(ctx context.Context, c world.Cluster) {
		require.NoError(t, c.Start(ctx, "store", world.Boot{}))
		orders := c.(*cluster).seat("store").last().orders.w
		require.NoError(t, orders.(io.Closer).Close())
		require.NoError(t, w.await(ctx, func() bool { return len(w.exits) == 1 }))
	})
	require.ErrorContains(t, err, "exit status 1")
}
