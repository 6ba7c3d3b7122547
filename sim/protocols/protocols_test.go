package protocols

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// run does a probe in the virtual world, whichever it is meant for.
func run(t *testing.T, p Probe) world.Result {
	t.Helper()
	system := echo.System()
	sc, err := scenarios.Parse("probe", "probe", []byte(p.Script), world.Vocabulary(lab.Register(system)))
	require.NoError(t, err, p.Script)
	spec := world.Spec{System: system, Variant: &system.Variants[0], Scenario: sc, Seed: 1}
	return world.Run(context.Background(), spec, virtual.New())
}

// measure gives the medians of a cell's figures by their names.
func measure(t *testing.T, name string) map[string]float64 {
	t.Helper()
	_, cell, ok := Lookup(name)
	require.True(t, ok, name)
	m := BeginCell(cell)
	for i, p := range cell.Probes {
		m.Add(i, run(t, p))
	}
	require.Empty(t, m.Problems)
	values := map[string]float64{}
	for _, f := range m.Figures() {
		values[f.Name] = f.Median()
	}
	return values
}

// Of TCP one round trip is the handshake (RFC 9293, section 3.5) and one the
// question. HTTP/1.1 adds none. The gRPC library waits for the SETTINGS frame
// that the server sends when the handshake is over there, which is half a trip
// after it is over here; they take another half.
func TestSetupTakesTheRoundTripsOfTheory(t *testing.T) {
	for protocol, want := range map[string][3]float64{
		"tcp":  {2, 1, 1},
		"udp":  {1, 0, 1},
		"http": {2, 1, 1},
		"grpc": {3, 2, 1},
	} {
		require.Equal(t, map[string]float64{
			"to the first answer": want[0], "before the request leaves": want[1], "of the second call": want[2],
		}, measure(t, "setup/"+protocol), protocol)
	}
}

// What is acknowledged end to end is not lost, and what a kernel has taken may
// be.
func TestOnlyAnswersArePromises(t *testing.T) {
	for protocol, loses := range map[string]bool{"tcp": true, "udp": true, "http": false, "grpc": false} {
		have := measure(t, "reliability/"+protocol)
		require.Equal(t, loses, have["taken, and not in the log"] > 0, protocol)
		require.Equal(t, 300., have["taken"]+have["ended in an error"], protocol)
		require.Equal(t, protocol != "udp", have["ended in an error"] > 0, "%s: only datagrams go nowhere without an error", protocol)
		require.Equal(t, !loses, have["ended in an error, yet in the log"] > 0, "%s: a lost answer leaves it open", protocol)
	}
}

func TestOrderEndsWithItsCarrier(t *testing.T) {
	for _, protocol := range []string{"tcp", "http", "grpc"} {
		have := measure(t, "order/"+protocol)
		require.Zero(t, have["one connection, out of order"], protocol)
		require.Positive(t, have["a connection each, out of order"], protocol)
	}
	require.Positive(t, measure(t, "order/grpc")["streams of one connection, out of order"])
	require.Positive(t, measure(t, "order/udp")["one socket, out of order"])
}

// The sizes are those of the virtual network, but that there is a limit, and
// none for datagrams, is the protocols' own.
func TestWritersOfStreamsAreStopped(t *testing.T) {
	for protocol, others := range map[string]float64{"tcp": 0, "http": 0, "grpc": 1} {
		have := measure(t, "flow/"+protocol)
		require.GreaterOrEqual(t, have["before the writer waits"], 64., protocol)
		require.Equal(t, others, have["another call meanwhile, answered"], protocol)
	}
	have := measure(t, "flow/udp")
	require.Equal(t, 1000., have["written without waiting"])
	require.Less(t, have["there when the server reads on"], 1000.)
}

func TestHeaders(t *testing.T) {
	require.Equal(t, map[string]float64{"1st call": 8, "100th call": 8}, measure(t, "headers/tcp"))
	require.Equal(t, map[string]float64{"1st call": 0, "100th call": 0}, measure(t, "headers/udp"))
	http := measure(t, "headers/http")
	require.Equal(t, http["1st call"], http["100th call"], "HTTP/1.1 remembers no header")
	grpc := measure(t, "headers/grpc")
	require.Less(t, grpc["100th call"], grpc["1st call"], "HPACK does")
	require.Less(t, grpc["100th call"], http["100th call"])
}

// The slow call takes 100 ms and has 10 of them when the quick one comes.
func TestHeadOfLine(t *testing.T) {
	for protocol, blocked := range map[string]bool{"tcp": true, "http": true, "udp": false, "grpc": false} {
		have := measure(t, "multiplexing/"+protocol)
		require.Equal(t, blocked, have["quick call, p50"] >= 90, protocol)
		require.Equal(t, !blocked, have["quick call, p99"] < 10, protocol)
	}
}

func TestWhoMaySpeakUnasked(t *testing.T) {
	for protocol, unasked := range map[string]float64{"tcp": 10, "udp": 0, "http": 0, "grpc": 0} {
		require.Equal(t, map[string]float64{"unasked, came": unasked, "asked once, came": 10}, measure(t, "push/"+protocol), protocol)
	}
}

func TestBoundaries(t *testing.T) {
	require.Equal(t, map[string]float64{"a read a message, whole": 0, "with a length before each, whole": 50}, measure(t, "boundaries/tcp"))
	for _, protocol := range []string{"udp", "http", "grpc"} {
		require.Equal(t, map[string]float64{"whole": 50}, measure(t, "boundaries/"+protocol), protocol)
	}
}

// Four hops of the virtual network are below 4 ms, and no protocol's code takes
// any time there.
func TestTheRoundTripIsThePrice(t *testing.T) {
	for _, protocol := range Protocols {
		have := measure(t, "speed/"+protocol)
		require.InDelta(t, 10, have["10 ms, p50"], 4, protocol)
		require.InDelta(t, 100, have["100 ms, p50"], 4, protocol)
		require.InDelta(t, 10, have["100 ms, rate"], .5, protocol)
	}
}

// TestExact: a figure of the virtual world is the same in every run.
func TestExact(t *testing.T) {
	for _, name := range Names() {
		first, second := measure(t, name), measure(t, name)
		require.Equal(t, first, second, name)
	}
}

func TestEveryCellSaysSomething(t *testing.T) {
	rows := Rows()
	require.Len(t, rows, 13, "document 001 has that many")
	names := map[string]bool{}
	for _, row := range rows {
		names[row.Name] = true
		require.NotEmpty(t, row.How, row.Name)
		for _, c := range row.Cells {
			for _, p := range c.Probes {
				require.Equal(t, p.World == Live, p.Every > 0, "%s: what is live has its rounds", c.Name())
			}
			require.NotEmpty(t, c.Claim, c.Name())
			require.Equal(t, len(row.Cells[0].Probes) > 0, len(c.Probes) > 0, "%s: a row is measured or not", c.Name())
			if c.Contradicts || len(c.Probes) > 0 {
				require.NotEmpty(t, c.Finding, c.Name())
			}
		}
	}
	require.Len(t, slices.Collect(maps.Keys(names)), 13)
}

// A run whose latency was healed while the client still asked has figures, and
// they mean something else.
func TestARunThatWasHealedEarlyHasNoFigures(t *testing.T) {
	_, cell, _ := Lookup("speed/tcp")
	p := cell.Probes[2]
	_, err := p.Read(run(t, p))
	require.NoError(t, err)
	p.Script = strings.Replace(p.Script, "settle   1m", "settle 1s", 1)
	_, err = p.Read(run(t, p))
	require.ErrorContains(t, err, "give it a longer settle")
}

func TestARunThatSaysNothingHasNoFigures(t *testing.T) {
	_, cell, _ := Lookup("setup/tcp")
	m := BeginCell(cell)
	m.Add(0, world.Result{Record: world.Record{Problems: []string{"the process died"}}})
	require.Empty(t, m.Figures())
	require.Equal(t, []string{"setup/tcp: its run says nothing: the process died"}, m.Problems)

	m = BeginCell(cell)
	m.Add(0, world.Result{Events: []history.Event{{Node: "client", Kind: history.Invoke, Source: "client", Seq: 1}}})
	require.Len(t, m.Problems, 1)
	require.Contains(t, m.Problems[0], "call 1 did not succeed")
}

// A sample is so many calls after the cold ones; what fills no sample is left
// out.
func TestBatches(t *testing.T) {
	p := Probe{Measures: inBatches(paces(0), 3, 3, 4), Cold: 2}
	var r world.Result
	for seq := int64(1); seq <= 10; seq++ {
		e := history.Event{Node: "client", Source: "client", Seq: seq, Op: echo.Ask}
		for k, kind := range []history.Kind{history.Invoke, history.Send, history.Recv, history.OK} {
			e.Kind, e.T = kind, seq*1e9+int64(k)*seq*1e6
			r.Events = append(r.Events, e, history.Event{Node: "server", Source: "client", Seq: seq, Kind: kind})
		}
	}
	samples, err := p.Read(r)
	require.NoError(t, err)
	require.Len(t, samples[0], 2)
	require.Equal(t, []float64{4, 7}, samples[1], "medians of calls 3 to 5, and 6 to 8; 9 and 10 are too few")
	require.Equal(t, []float64{6, 10}, samples[2], "the longest of calls 3 to 6, and 7 to 10")

	p.Cold = 8
	_, err = p.Read(r)
	require.ErrorContains(t, err, "its client made 10 calls, which are too few for a sample of 3 after the first 8")

	p.Measures = paces(0)
	samples, err = p.Read(r)
	require.NoError(t, err)
	require.Len(t, samples[0], 1, "a run is one sample")
}
