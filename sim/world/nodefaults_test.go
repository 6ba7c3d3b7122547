package world_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world/virtual"
)

func TestWithoutAFaultAllIsStored(t *testing.T) {
	o := play(t, "expect plain holds no-loss no-duplicates live").fine()
	require.True(t, o.AsExpected, o.Reasons)
	require.Equal(t, check.Holds, o.Outcome)
	require.Equal(t, upTo(21), o.seqs("client", history.OK), "20 and the probe")
	require.Equal(t, "start", o.life("store"))
	require.Equal(t, "start exit", o.life("client"))
	require.Contains(t, o.Files, "machine/log")
	require.Equal(t, len(o.Events), o.Record.Events)
	require.Equal(t, map[string]string{"client": "desk", "store": "machine", "clerk": "machine"}, o.Record.Hosts)
}

func TestNodeFaultsDoWhatTheySay(t *testing.T) {
	for _, tc := range []struct {
		name, script, effect string
		check                func(*testing.T, outcome)
	}{
		{"kill", "when store stores #6 kill store for 30ms", "the node was up", func(t *testing.T, o outcome) {
			require.Equal(t, "start kill start", o.life("store"))
			require.Equal(t, "start", o.life("clerk"), "another process of the machine lives on")
			require.Equal(t, upTo(6), o.seqs("", history.Final)[:6], "what was written to the disk stays")
			unknown := o.of("client", history.Info)
			require.Equal(t, int64(6), unknown[0].Seq, "it was stored, and not answered")
			require.Greater(t, len(unknown), 1)
			for _, e := range unknown[1:] {
				require.Contains(t, e.Detail, "refused")
			}
		}},
		{"kill of the client", "when client sends #6 kill client for 30ms", "the node was up", func(t *testing.T, o outcome) {
			require.Equal(t, "start kill start exit", o.life("client"))
			require.Equal(t, upTo(21), o.seqs("client", history.Invoke), "it goes on, and repeats none")
			require.NotContains(t, o.seqs("", history.Final), int64(6), "a dead node's write got out")
		}},
		{"stop", "when store stores #6 stop store for 30ms", "the node was up", func(t *testing.T, o outcome) {
			require.Equal(t, "start stop exit start", o.life("store"))
		}},
		{"pause", "when store receives #6 pause store for 35ms", "the node was up, and not just starting", func(t *testing.T, o outcome) {
			require.Equal(t, "start pause resume", o.life("store"))
			from, to := o.first("store", history.Pause).T, o.first("store", history.Resume).T
			for _, e := range o.of("store", history.Accept, history.Recv, history.Store) {
				require.False(t, from < e.T && e.T < to, "it did something meanwhile: %v", e)
			}
			require.Equal(t, upTo(21), o.seqs("client", history.OK), "it does not notice")
		}},
		{"powercut", "when store stores #6 powercut store for 30ms", "a node of the host was up, 2 times; 30 bytes were not synced and are gone", func(t *testing.T, o outcome) {
			require.Equal(t, "start kill start", o.life("store"))
			require.Equal(t, "start kill start", o.life("clerk"), "all nodes of the machine die")
			require.Equal(t, "start exit", o.life("client"))
			require.Greater(t, o.first("", history.Final).Seq, int64(6))
		}},
		{"powercut of what was synced", "workload sync=true\nwhen store stores #6 powercut store for 30ms", "; 0 bytes were not synced", func(t *testing.T, o outcome) {
			require.Equal(t, upTo(6), o.seqs("", history.Final)[:6])
		}},
		{"skew", "when store receives #7 skew store offset=-876h for 5ms", "the node read its clock", func(t *testing.T, o outcome) {
			for _, e := range o.of("store", history.Store) {
				require.Equal(t, map[bool]string{false: "2000", true: "1999"}[e.Seq == 7], e.Value[:4], "%v", e)
			}
		}},
		{"overload", "when store receives #7 overload store for 5ms", "a request was turned away", func(t *testing.T, o outcome) {
			require.Equal(t, []int64{7}, o.seqs("client", history.Fail))
			require.Equal(t, "busy", o.first("client", history.Fail).Detail)
			require.NotContains(t, o.seqs("", history.Final), int64(7))
		}},
		{"tear", "when store receives #7 tear store bytes=2 for 30ms", "the node appended to a file", func(t *testing.T, o outcome) {
			require.Equal(t, "start kill start", o.life("store"))
			require.Regexp(t, `^(\d{4}\n){6}00\d{4}\n`, string(o.Files["machine/log"]))
			require.Equal(t, int64(7), o.first("client", history.Info).Seq)
			require.Greater(t, len(o.of("client", history.Info)), 1, "it stays down as long as the fault says")
			require.Contains(t, o.seqs("client", history.OK), int64(20), "and no longer")
		}},
		{"tear of more than there is", "when store receives #7 tear store bytes=100 for 30ms", "the node appended to a file", func(t *testing.T, o outcome) {
			require.Regexp(t, `^(\d{4}\n){6}0007\d{4}\n`, string(o.Files["machine/log"]), "a torn append must not be whole")
		}},
		{"tear somewhere", "when store receives #7 tear store for 30ms", "the node appended to a file", func(t *testing.T, o outcome) {
			require.Regexp(t, `^(\d{4}\n){6}\d{5,8}\n`, string(o.Files["machine/log"]), "a beginning of it must be written")
		}},
		{"enospc", "when store receives #7 enospc store for 5ms", "the node appended to a file", func(t *testing.T, o outcome) {
			require.Equal(t, []int64{7}, o.seqs("client", history.Fail))
			require.Contains(t, o.first("client", history.Fail).Detail, "no space left")
			require.Equal(t, "0006\n000008\n", string(o.Files["machine/log"][25:37]), "half of it fitted")
		}},
		{"eio", "when store receives #7 eio store for 5ms", "the node used its disk", func(t *testing.T, o outcome) {
			require.Equal(t, []int64{7}, o.seqs("client", history.Fail))
			require.Contains(t, o.first("client", history.Fail).Detail, "input/output error")
			require.Equal(t, "0006\n0008\n", string(o.Files["machine/log"][25:35]), "it changed nothing")
		}},
		{"syncfail", "workload sync=true\nwhen store receives #7 syncfail store for 5ms", "the node synced a file", func(t *testing.T, o outcome) {
			require.Equal(t, []int64{7}, o.seqs("client", history.Fail))
			require.Equal(t, upTo(21), o.seqs("", history.Final), "it stays readable")
		}},
		{"syncfail before a power cut", "workload sync=true\nwhen store receives #7 syncfail store for 5ms\nwhen store stores #9 powercut store for 10ms", "the node synced a file", func(t *testing.T, o outcome) {
			require.Contains(t, o.seqs("client", history.OK), int64(8))
			require.Equal(t, upTo(6), o.seqs("", history.Final)[:6])
			for _, gone := range []int64{7, 8, 9} {
				require.NotContains(t, o.seqs("", history.Final), gone, "it became durable, though its sync had failed or came after that")
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := play(t, "world virtual\n"+tc.script).fine()
			require.Contains(t, o.effect(1), tc.effect)
			tc.check(t, o)
			require.Equal(t, int64(21), o.seqs("client", history.OK)[len(o.of("client", history.OK))-1], "the probe succeeds")
		})
	}
}

// deaf is a store that does not hear that it is asked to end.
func deaf(_ context.Context, env lab.Env) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return store(ctx, env)
}

func TestStopOfOneThatDoesNotListenKillsIt(t *testing.T) {
	o := play(t, "when store stores #6 stop store for 30ms", playing("store", deaf)).fine()
	require.Equal(t, "start stop kill start", o.life("store"))
	require.Contains(t, o.first("store", history.Kill).Detail, "did not end in time")
}

// A node that is ending and is killed in that has not ended by itself: what it
// could not bring to an end is not its doing.
func TestKillOfANodeThatIsEnding(t *testing.T) {
	o := play(t, "when store stores #6 stop store for 30ms\nwhen store stores #6 +10ms kill store for 5ms", playing("store", deaf)).fine()
	require.Equal(t, "start stop kill start", o.life("store"))
	require.Empty(t, o.first("store", history.Kill).Detail, "its time was not up")
}

// A node that is asked to end may still append, and die in that. It is the tear
// that then keeps it down, however soon the stop is over.
func TestATearMeetsANodeThatIsEnding(t *testing.T) {
	tidy := playing("store", func(ctx context.Context, env lab.Env) error {
		err := store(ctx, env)
		return errors.Join(err, env.Disk().Append("log", []byte("goodbye")))
	})
	o := play(t, "world virtual\nworkload ops=5\nwhen store stores #5 tear store bytes=4 for 30ms\nwhen store stores #5 stop store for 5ms", tidy).fine()
	require.Equal(t, "start stop kill start", o.life("store"))
	require.Contains(t, string(o.Files["machine/log"]), "good0006")
	died, again := o.first("store", history.Kill).T, o.of("store", history.Start)[1].T
	require.GreaterOrEqual(t, time.Duration(again-died), 30*time.Millisecond)
}

// A power cut that tears leaves a beginning of what was not synced.
func TestATornPowerCutLeavesABeginning(t *testing.T) {
	const script = "world virtual\nworkload ops=5\nwhen store stores #5 powercut store torn=true for 30ms"
	log := string(play(t, script).fine().Files["machine/log"])
	before, found := strings.CutSuffix(log, "0006\n")
	require.True(t, found, "the probe is there: %q", log)
	require.NotEmpty(t, before)
	require.True(t, strings.HasPrefix("0001\n0002\n0003\n0004\n0005\n", before), log)
}

// Every fault of a node is aimed at one that has ended, or that never touches
// what it spoils.
func TestANodeFaultThatMetNothingMakesTheRunUnknown(t *testing.T) {
	quit := playing("clerk", func(context.Context, lab.Env) error { return nil })
	for _, fault := range []string{
		"kill clerk", "stop clerk", "pause clerk", "skew clerk offset=1h", "overload clerk", "tear clerk",
		"tear clerk bytes=1", "enospc clerk", "eio clerk", "syncfail clerk",
	} {
		for _, length := range []string{"", " for 30ms"} {
			o := play(t, "at 52ms "+fault+length, quit)
			require.Equal(t, check.Unknown, o.Outcome, fault)
			require.Equal(t, []string{strings.Join(strings.Fields(fault)[:2], " ") + " met nothing"}, o.Record.Problems)
			require.Empty(t, o.effect(1))
			require.Equal(t, "start exit", o.life("clerk"), "its work was done, nobody starts it again")
		}
	}
}

// A script that somebody wrote is a claim that its faults matter; a generated
// one is a try.
func TestMissesOfAGeneratedScriptAreNoProblems(t *testing.T) {
	script := "at 52ms overload clerk for 30ms\nwhen store stores #100 kill store for 10ms\nevery 1s kill store for 10ms\nexpect plain holds no-loss"
	o := playIn(t, virtual.New(), true, script).fine()
	require.Equal(t, check.Holds, o.Outcome)
	require.True(t, o.AsExpected)
	for i := range 3 {
		require.Empty(t, o.effect(i+1))
	}
}
