package reports

import (
	"time"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

const lostAck = `# The ACK is lost after the reading was stored.
system   sensor
workload readings=3 every=10ms

when collector stores #2  reset_peer forwarder->collector downstream

expect original violates no-duplicates
expect hardened holds no-duplicates
`

// lostAckRun is a run of the script above. Its history is a small one, told
// right: three readings, the second of them twice in the log.
func lostAckRun(variant, world string, j world.Judgement) Run {
	events := []history.Event{
		{T: 1, Node: "collector", Kind: history.Start},
		{T: 2, Node: "sensor", Kind: history.Invoke, Op: "log", Source: "paul", Seq: 1, Value: "paul 13.2 64.2 1"},
		{T: 3, Node: "sensor", Kind: history.OK, Op: "log", Source: "paul", Seq: 1},
		{T: 4, Node: "collector", Kind: history.Print, Value: "ACK 1"},
		{T: 5, Kind: history.Fault, Op: "reset_peer", ID: "1", Link: "forwarder->collector", Detail: "downstream"},
		{T: 6, Node: "collector", Kind: history.Print, Value: "ACK 2 <again>"},
		{T: 7, Kind: history.Heal, Op: history.HealAll},
		{T: 8, Kind: history.Final, Source: "paul", Value: "paul 13.2 64.2 1"},
	}
	return Run{Script: "sensor/lost-ack", Result: resultOf(variant, world, events, j)}
}

func resultOf(variant, where string, events []history.Event, j world.Judgement) world.Result {
	return world.Result{
		Record: world.Record{
			Lab: "sensor", Scenario: "sensor/lost-ack", Variant: variant, World: where, Seed: 7,
			Params: map[string]string{"readings": "3", "every": "10ms"}, Script: lostAck, Events: len(events),
			Promises: []string{"no-duplicates"},
			Expects:  []world.Expectation{{Property: "no-duplicates", Violated: variant == "original", Count: -1}},
			Bound:    2 * time.Second,
			Links:    []string{"forwarder->collector"},
			Hosts:    map[string]string{"sensor": "station", "forwarder": "station", "collector": "collector"},
			Faults:   []world.FaultReport{{When: "collector stores #2", Fault: "reset_peer", Target: "forwarder->collector downstream", Effect: "1 connections, 1 chunks, 92 bytes", Line: 5}},
			Elapsed:  12345678 * time.Nanosecond,
			Virtual:  345 * time.Millisecond,
		},
		Events:    events,
		Files:     map[string][]byte{"collector/server-paul.log": []byte("paul 13.2 64.2 1\n"), "station/50%? & more": nil},
		Judgement: j,
	}
}

// runs are one of each sort: as expected in both ways, a verdict that differs,
// and a run that is unknown because a process died, with all that a page or an
// XML file could stumble over.
func runs() []Run {
	violated := world.Judgement{
		Outcome: check.Violated, AsExpected: true,
		Verdicts: []check.Verdict{{Property: "no-duplicates", Outcome: check.Violated, Count: 1, Messages: []check.Message{{Source: "paul", Seq: 2, Why: "2 times"}}, Why: "paul/2 stands 2 times in the log"}},
		Counts:   check.Counts{Attempted: 3, Acknowledged: 3, Duplicated: 1},
	}
	holds := world.Judgement{
		Outcome: check.Holds, AsExpected: true,
		Verdicts: []check.Verdict{{Property: "no-duplicates", Outcome: check.Holds}, {Property: "no-loss", Outcome: check.Holds}},
		Counts:   check.Counts{Attempted: 3, Acknowledged: 3},
	}
	surprising := holds
	surprising.AsExpected = false
	surprising.Reasons = []string{"no-duplicates was expected to be violated, and holds"}

	const crash = "the process of this run died (exit status 2): panic: <script>alert(1)</script> ]]> \x00\x1b[31m & \"quoted\"\n\ngoroutine 7 [running]:\nmain.main()\n"
	unknown := world.Judgement{
		Outcome:  check.Unknown,
		Verdicts: []check.Verdict{{Property: "no-duplicates", Outcome: check.Unknown, Why: "the workload sent nothing"}},
		Reasons:  []string{"no-duplicates: the workload sent nothing", crash},
	}
	crashed := lostAckRun("hardened", "live", unknown)
	crashed.Record.Scenario, crashed.Script = "sensor/torn-tail", "my scripts/torn-tail.scenario"
	crashed.Record.Problems = []string{crash}
	crashed.Record.Faults = []world.FaultReport{{At: "1.5s", Fault: "tear", Target: "collector"}}

	return []Run{
		lostAckRun("original", "virtual", violated),
		lostAckRun("original", "live", surprising),
		lostAckRun("hardened", "virtual", holds),
		lostAckRun("hardened", "live", holds),
		crashed,
	}
}
