package world_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/sim/world/worldtest"
)

const storePort = 7007

type role = func(context.Context, lab.Env) error

// depot is a lab of one client that has numbers stored, 10 ms apart. A clerk
// shares the store's machine and does nothing.
func depot(change ...func(*lab.Variant)) *lab.System {
	v := lab.Variant{
		Name: "plain", Summary: "It stores what it is given.",
		Promises: []string{"no-phantoms"},
		Bound:    func(lab.Params) time.Duration { return time.Second },
		Roles:    map[string]role{"store": store, "client": client, "clerk": clerk},
		ReadBack: readBack,
	}
	for _, f := range change {
		f(&v)
	}
	return &lab.System{
		Name: "depot", Story: "A client has numbers stored.",
		Params: param.List{
			{Name: "ops", Default: 20, Doc: "How many numbers."},
			{Name: "sync", Default: false, Doc: "The store syncs before it answers."},
		},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "client", Role: "client", Host: "desk", Client: true},
				{Name: "store", Role: "store", Host: "machine"},
				{Name: "clerk", Role: "clerk", Host: "machine"},
			}
		},
		Links: func(lab.Params) []lab.Link { return []lab.Link{{From: "client", To: "store", Port: storePort}} },
		Nominal: func(p lab.Params) time.Duration {
			return time.Duration(p.Int("ops")) * 10 * time.Millisecond
		},
		Variants: []lab.Variant{v},
	}
}

// playing gives a role something else to run.
func playing(name string, f role) func(*lab.Variant) {
	return func(v *lab.Variant) { v.Roles[name] = f }
}

func clerk(ctx context.Context, _ lab.Env) error {
	<-ctx.Done()
	return ctx.Err()
}

// store answers one line a connection. Its log survives a power cut, what is
// in it only if it was synced.
func store(ctx context.Context, env lab.Env) error {
	if err := errors.Join(env.Disk().Append("log", nil), env.Disk().SyncDir()); err != nil {
		return err
	}
	ln, err := env.Listen(storePort)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	for {
		conn, err := ln.Accept()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		env.Record(history.Event{Kind: history.Accept})
		answer(env, conn)
	}
}

func answer(env lab.Env, conn net.Conn) {
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return
	}
	seq, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	if err != nil {
		env.Printf("%v", err)
		return
	}
	env.Record(history.Event{Kind: history.Recv, Source: "client", Seq: seq})
	reply := "ok"
	switch {
	case env.Overloaded():
		reply = "busy"
	default:
		if err := keep(env, line); err != nil {
			reply = err.Error()
			break
		}
		env.Record(history.Event{Kind: history.Store, Source: "client", Seq: seq, Value: env.Now().UTC().Format(time.RFC3339)})
	}
	_, _ = io.WriteString(conn, reply+"\n")
}

func keep(env lab.Env, line string) error {
	if err := env.Disk().Append("log", []byte(line)); err != nil {
		return err
	}
	if !env.Params().Bool("sync") {
		return nil
	}
	if err := env.Disk().Sync("log"); err != nil {
		return err
	}
	return env.Disk().SyncDir()
}

func client(ctx context.Context, env lab.Env) error {
	return lab.Workload(ctx, env, int64(env.Params().Int("ops")), 10*time.Millisecond, func(seq int64) {
		e := history.Event{Kind: history.Invoke, Source: "client", Seq: seq}
		env.Record(e)
		reply, err := put(ctx, env, seq)
		switch {
		case err != nil:
			e.Kind, e.Detail = history.Info, err.Error()
		case reply == "ok":
			e.Kind = history.OK
		default:
			e.Kind, e.Detail = history.Fail, reply
		}
		env.Record(e)
	})
}

func put(ctx context.Context, env lab.Env, seq int64) (string, error) {
	conn, err := env.Dial(ctx, "store")
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := conn.SetDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		return "", err
	}
	env.Record(history.Event{Kind: history.Send, Source: "client", Seq: seq})
	if _, err := fmt.Fprintf(conn, "%04d\n", seq); err != nil {
		return "", err
	}
	reply, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(reply), err
}

func readBack(_ context.Context, o lab.Observer) ([]history.Event, error) {
	text, err := o.Disk("machine").Read("log")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var entries []history.Event
	for line := range strings.Lines(string(text)) {
		e := history.Event{Value: line}
		if seq, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil && len(line) == 5 {
			e.Source, e.Seq = "client", seq
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// outcome is a result that tests ask about.
type outcome struct {
	t *testing.T
	world.Result
}

// play runs a script of the depot in the virtual world.
func play(t *testing.T, script string, change ...func(*lab.Variant)) outcome {
	return playIn(t, virtual.New(), false, script, change...)
}

func playIn(t *testing.T, w world.World, explored bool, script string, change ...func(*lab.Variant)) outcome {
	t.Helper()
	s := depot(change...)
	return outcome{t, world.Run(t.Context(), world.Spec{
		System: s, Variant: &s.Variants[0], Scenario: worldtest.Parse(t, s, script), Seed: 1, Explored: explored,
	}, w)}
}

// fine requires that the run can be trusted.
func (o outcome) fine() outcome {
	o.t.Helper()
	require.Empty(o.t, o.Record.Problems)
	return o
}

// of lists a node's events of some kinds.
func (o outcome) of(node string, kinds ...history.Kind) []history.Event {
	var found []history.Event
	for _, e := range o.Events {
		if e.Node == node && slices.Contains(kinds, e.Kind) {
			found = append(found, e)
		}
	}
	return found
}

// life is how a node began and ended, in words.
func (o outcome) life(node string) string {
	var words []string
	for _, e := range o.of(node, history.Start, history.Kill, history.Stop, history.Exit, history.Pause, history.Resume) {
		words = append(words, string(e.Kind))
	}
	return strings.Join(words, " ")
}

// seqs lists which operations have an event of that kind.
func (o outcome) seqs(node string, kind history.Kind) []int64 {
	var seqs []int64
	for _, e := range o.of(node, kind) {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// first is the first event of that kind at a node.
func (o outcome) first(node string, kind history.Kind) history.Event {
	o.t.Helper()
	found := o.of(node, kind)
	require.NotEmpty(o.t, found, "%s has no %s", node, kind)
	return found[0]
}

// effect is what the n-th fault met, from 1.
func (o outcome) effect(n int) string { return o.Record.Faults[n-1].Effect }

// upTo lists 1 … n.
func upTo(n int64) []int64 {
	var seqs []int64
	for i := range n {
		seqs = append(seqs, i+1)
	}
	return seqs
}
