package world_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/proxy"
	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// What triggers a fault comes right before it, and nothing of the node between.
func TestATriggerIsExact(t *testing.T) {
	for _, tc := range []struct {
		moment string
		node   string
		kind   history.Kind
		seq    int64
	}{
		{"store stores #3", "store", history.Store, 3},
		{"store receives #3", "store", history.Recv, 3},
		{"store stores client/7", "store", history.Store, 7},
		{"store accepts #4", "store", history.Accept, 0},
		{"client sends #20", "client", history.Send, 20},
		{"client sends #21", "client", history.Send, 21}, // the probe comes after the last heal
	} {
		o := play(t, "when "+tc.moment+" kill store for 5ms")
		if tc.seq == 21 {
			require.Equal(t, check.Unknown, o.Outcome)
			require.Equal(t, []string{`"when client sends #21" was never reached: it was seen 20 times`}, o.Record.Problems)
			continue
		}
		o.fine()
		require.Equal(t, tc.moment, o.Record.Faults[0].When)
		fault := o.first("store", history.Fault)
		var before history.Event
		for _, e := range o.of(tc.node, tc.kind) {
			if e.T < fault.T {
				before = e
			}
		}
		require.Equal(t, fault.T-1, before.T, tc.moment)
		require.Equal(t, tc.seq, before.Seq, tc.moment)
	}
}

func TestADelayedTriggerComesThatMuchLater(t *testing.T) {
	o := play(t, "when store stores #3 +7ms kill store for 5ms").fine()
	fault := o.first("store", history.Fault)
	require.Equal(t, o.of("store", history.Store)[2].T+int64(7*time.Millisecond)+1, fault.T, "at the next odd nanosecond")
}

// The workload is over long before: the run must wait for the fault, or it
// would pass without having met any.
func TestTheRunWaitsForADelayedTrigger(t *testing.T) {
	o := play(t, "when client sends #20 +8s kill store for 9s").fine()
	require.Equal(t, "start kill start", o.life("store"))
	kill, start := o.first("store", history.Kill), o.of("store", history.Start)[1]
	require.GreaterOrEqual(t, start.T-kill.T, int64(9*time.Second), "the fault was cut short")
}

func TestATriggerCountsAcrossRestarts(t *testing.T) {
	o := play(t, "when store starts #2 kill store for 5ms\nwhen store stores #3 kill store for 5ms").fine()
	require.Equal(t, "start kill start kill start", o.life("store"))
}

func TestATriggerThatIsNeverReachedMakesTheRunUnknown(t *testing.T) {
	o := play(t, "when store stores #100 kill store for 5ms")
	require.Equal(t, check.Unknown, o.Outcome)
	require.Equal(t, []string{`"when store stores #100" was never reached: it was seen 20 times`}, o.Record.Problems)
	require.Less(t, o.Record.Virtual, time.Second, "once all has settled, it will not come any more")
}

// A kill in the very moment of a start meets a node that is not up yet.
func TestKillWhileStarting(t *testing.T) {
	o := play(t, "when store stores #3 kill store for 5ms\nwhen store starts #2 kill store for 5ms\nwhen store starts #3 +1ms kill store for 5ms").fine()
	require.Equal(t, "start kill start kill start kill start", o.life("store"))
	for i := range 3 {
		require.Equal(t, "the node was up", o.effect(i+1))
	}
	require.Equal(t, int64(21), o.of("client", history.OK)[len(o.of("client", history.OK))-1].Seq)
}

func TestOverlappingKills(t *testing.T) {
	o := play(t, "at 52ms kill store for 50ms\nat 82ms kill store for 50ms")
	require.Equal(t, "start kill start", o.life("store"))
	require.Equal(t, []string{"kill store met nothing"}, o.Record.Problems, "it was down already")
	kill, start := o.first("store", history.Kill), o.of("store", history.Start)[1]
	require.GreaterOrEqual(t, start.T-kill.T, int64(80*time.Millisecond), "the second keeps it down")
}

func TestKillOfAPausedNode(t *testing.T) {
	o := play(t, "at 52ms pause store for 50ms\nat 62ms kill store for 10ms").fine()
	require.Equal(t, "start pause kill start", o.life("store"), "its next life is not paused, and nothing resumes")
	require.NotContains(t, o.seqs("client", history.Info), int64(9), "the new one answers")
}

func TestOverlappingPauses(t *testing.T) {
	o := play(t, "at 52ms pause store for 30ms\nat 62ms pause store for 40ms").fine()
	require.Equal(t, "start pause resume", o.life("store"))
	require.Equal(t, int64(50*time.Millisecond), (o.first("store", history.Resume).T-o.first("store", history.Pause).T)/1e6*1e6)
}

func TestEvery(t *testing.T) {
	for _, tc := range []struct {
		script string
		times  int
	}{
		{"every 45ms times 3 kill store for 5ms", 3},
		{"every 45ms kill store for 5ms", 4}, // until the 200 ms of the workload are over
		{"every 45ms kill store for 5ms\nat 600ms pause clerk for 5ms", 4},
		{"every 300ms times 2 kill store for 5ms", 2},
	} {
		o := play(t, tc.script).fine()
		faults := o.of("store", history.Fault)
		require.Len(t, faults, tc.times, tc.script)
		require.Len(t, o.of("store", history.Kill), tc.times)
		for i := range faults[1:] {
			period := o.Record.Faults[0].At
			require.Equal(t, "every", period[:5])
			require.Greater(t, faults[i+1].T, faults[i].T)
		}
	}
}

// With a period longer than the workload it never happens, and a run without
// its fault must not pass.
func TestAFaultThatNeverBeganMakesTheRunUnknown(t *testing.T) {
	o := play(t, "every 10s kill store for 5ms")
	require.Equal(t, check.Unknown, o.Outcome)
	require.Equal(t, []string{"kill store never came into force"}, o.Record.Problems)
}

// What is over before the others begin must not end the run.
func TestTheRunWaitsForTheLastStep(t *testing.T) {
	o := play(t, "at 3s kill store for 100ms").fine()
	require.Equal(t, "start kill start", o.life("store"))
	heals := o.of("", history.Heal)
	require.Equal(t, history.HealAll, heals[len(heals)-1].Op)
	require.Greater(t, heals[len(heals)-1].T, int64(3100*time.Millisecond))
}

func TestAFaultWithoutAnEndLastsUntilTheHeal(t *testing.T) {
	for _, fault := range []string{"kill store", "stop store", "pause store", "overload store", "eio store", "hold client->store", "down client->store", "partition client | store"} {
		o := play(t, "when store stores #5 "+fault).fine()
		stored := o.seqs("client", history.OK)
		require.NotContains(t, stored, int64(15), fault)
		require.Contains(t, stored, int64(21), "%s: the probe, after the heal", fault)
		var last history.Event
		for _, e := range o.Events {
			if e.Kind == history.Heal {
				last = e
			}
		}
		require.Equal(t, history.HealAll, last.Op, "the end of the last fault is the last heal")
	}
}

func TestPartition(t *testing.T) {
	t.Run("holds what it stops", func(t *testing.T) {
		o := play(t, "when client sends #5 partition client | store clerk for 100ms").fine()
		require.Equal(t, upTo(21), o.seqs("client", history.OK), "nothing is lost")
		require.Empty(t, o.of("client", history.Info))
		faults := o.of("", history.Fault)
		require.Len(t, faults, 1)
		require.Equal(t, "client->store", faults[0].Link)
		require.Contains(t, o.effect(1), "connection")
	})
	t.Run("resets", func(t *testing.T) {
		o := play(t, "when client sends #5 partition client | store reset=true for 100ms").fine()
		require.Contains(t, o.seqs("client", history.Info), int64(5))
		require.Contains(t, o.of("client", history.Info)[1].Detail, "refused")
		require.Regexp(t, `1 connection, \d+ refused dials`, o.effect(1))
	})
	t.Run("meets nothing where nobody speaks", func(t *testing.T) {
		o := play(t, "at 1s partition client | store for 100ms")
		require.Equal(t, []string{"partition client | store met nothing"}, o.Record.Problems)
	})
}

// A fault may begin in the moment in which the run ends its faults. It must
// not be left in force: nobody would ever end it.
func TestAFaultThatIsStillBeginningIsEnded(t *testing.T) {
	for _, fault := range []string{"hold client->store", "eio store"} {
		w := slowly{virtual.New(), map[any]bool{}}
		playIn(t, w, true, "at 1s "+fault).fine()
		require.Empty(t, w.inForce, fault)
	}
}

// slowly is a world in which it takes a while to put a fault in place.
type slowly struct {
	world.World
	inForce map[any]bool
}

func (w slowly) Run(ctx context.Context, spec world.Spec, hooks world.Hooks, drive func(context.Context, world.Cluster)) error {
	return w.World.Run(ctx, spec, hooks, func(ctx context.Context, c world.Cluster) {
		drive(ctx, slowCluster{c, w.inForce})
	})
}

type slowCluster struct {
	world.Cluster
	inForce map[any]bool
}

// control is longer than a run takes to notice that its time is over.
const control = 100 * time.Millisecond

func (c slowCluster) Inject(ctx context.Context, link string, f proxy.Fault) (world.LinkFault, error) {
	time.Sleep(control)
	in, err := c.Cluster.Inject(ctx, link, f)
	slow := &slowFault{in, c.inForce}
	c.inForce[slow] = true
	return slow, err
}

type slowFault struct {
	world.LinkFault
	inForce map[any]bool
}

func (f *slowFault) Heal(ctx context.Context) (proxy.Effect, error) {
	delete(f.inForce, f)
	return f.LinkFault.Heal(ctx)
}

func (c slowCluster) SetInside(node string, f world.InsideFault) error {
	time.Sleep(control)
	c.inForce[f.ID] = true
	return c.Cluster.SetInside(node, f)
}

func (c slowCluster) ClearInside(node string, id int) error {
	delete(c.inForce, id)
	return c.Cluster.ClearInside(node, id)
}
