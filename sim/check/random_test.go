package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// TestOracle: on random histories every checker says what the brute-force
// oracle says, of the same messages.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := histories().Draw(t, "events")
		facts := lab
		facts.Owed = rapid.Bool().Draw(t, "owed")
		facts.Waits = rapid.Bool().Draw(t, "waits")
		before := slices.Clone(events)
		run := check.New(events, facts)
		want := newOracle(events, facts)
		for _, c := range check.All() {
			got := c.Judge(run)
			found := want.judge(c.Property)
			require.Equal(t, found.outcome, got.Outcome, "%s: %s", c.Property, got.Why)
			require.Equal(t, len(found.places), got.Count, "%s: %s", c.Property, got.Why)
			for i, place := range found.places {
				require.Equal(t, want.message(c.Property, place), name(got.Messages[i]), c.Property)
			}
		}
		require.Equal(t, want.tally(), check.Tally(run))
		require.Equal(t, before, events, "a checker changed the history")
	})
}

func name(m check.Message) string { return fmt.Sprintf("%s/%d %s", m.Source, m.Seq, m.Value) }

func (o *oracle) message(property string, place int) string {
	if property == check.NoPhantoms {
		return fmt.Sprintf("%s/0 %s", o.log[place].Source, o.log[place].Value)
	}
	if place < 0 { // not an operation but what the log has, or lacks
		if place = ^place; place == len(o.log) {
			return "/0 "
		}
		return fmt.Sprintf("%s/0 %s", o.source(property, place), o.log[place].Value)
	}
	e := o.events[o.ops[place].invoke]
	return fmt.Sprintf("%s/%d %s", e.Source, e.Seq, e.Value)
}

func (o *oracle) tally() check.Counts {
	count := func(is func(op int) bool) (n int) {
		for k := range o.ops {
			if is(k) {
				n++
			}
		}
		return n
	}
	there := func(op int) bool { return len(o.entries(op)) > 0 }
	phantoms := 0
	for _, k := range o.of {
		if k < 0 {
			phantoms++
		}
	}
	return check.Counts{
		Attempted:    len(o.ops),
		Acknowledged: count(func(op int) bool { return o.kind(op) == history.OK }),
		Lost:         count(func(op int) bool { return o.kind(op) == history.OK && o.owes(op) && o.lacks(op) }),
		Undelivered:  count(func(op int) bool { return o.owes(op) && o.lacks(op) && !o.harmed(op) }),
		Duplicated:   count(o.doubled),
		Reordered:    len(o.fifo().places),
		Unexpected:   phantoms,
		Recovered:    count(func(op int) bool { return o.kind(op) == history.Info && there(op) }),
	}
}

// histories draws small histories in which everything happens that can: two
// clients of one source, numbers used twice, values and ids shared, faults of
// every sort, completions that nobody invoked, entries copied, torn, renumbered.
func histories() *rapid.Generator[[]history.Event] {
	return rapid.Custom(func(t *rapid.T) []history.Event {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
		// In half of the histories values and ids hardly repeat.
		values, ids := []string{"p", "q", ""}, []string{"7", "8", ""}
		if rapid.Bool().Draw(t, "distinct") {
			values, ids = []string{"p", "q", "r", "s", "t", "u", "v"}, []string{"1", "2", "3", "4", "5", "6", "7"}
		}
		// In half of them nothing but messages is sent.
		ops := []string{"post"}
		if rapid.Bool().Draw(t, "keyed") {
			ops = []string{"post", "get", "create", "create", "read", "read", "write", "delete"}
		}
		// In half of them there are three logs.
		logs := []string{""}
		if rapid.Bool().Draw(t, "parted") {
			logs = []string{"anna", "bert", "carl"}
		}
		var events, invokes []history.Event
		now := int64(0)
		add := func(e history.Event) {
			now += int64(rapid.SampledFrom([]int{0, 1, 1, 2, 5, 11}).Draw(t, "wait")) * int64(time.Millisecond)
			e.T = now
			events = append(events, e)
			if e.Kind == history.Invoke {
				invokes = append(invokes, e)
			}
		}
		node := func() string { return pick("node", "anna", "bert", "carl", "shop", "bank", "pub") }
		fault := func(kind history.Kind) {
			e := history.Event{Kind: kind, Op: pick("fault", "kill", "powercut", "enospc", "down"), ID: pick("use", "1", "2")}
			switch pick("target", "node", "node", "link", "none") {
			case "node":
				e.Node = node()
			case "link":
				e.Link = pick("link", lab.Links...)
			}
			add(e)
		}
		detail := func() string {
			said := []string{pick("to", "", "to anna", "to bert,carl", "to anna,bert,carl"), pick("batch", "", "", "batch 1", "batch 2")}
			if len(logs) == 1 {
				said = said[1:]
			}
			if len(invokes) > 0 && rapid.Bool().Draw(t, "saw") {
				a, b := rapid.SampledFrom(invokes).Draw(t, "seen"), rapid.SampledFrom(invokes).Draw(t, "also seen")
				said = append(said, fmt.Sprintf("saw %s/%d,%s/%d", a.Source, a.Seq, b.Source, b.Seq))
			}
			said = append(said, pick("want", "", "", "want p", "want ", "want saw; batch 1", "wanted"))
			return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), "; ")
		}
		invoke := func() {
			add(history.Event{
				Kind: history.Invoke, Node: pick("client", "anna", "anna", "bert", "carl"), Source: pick("source", "x", "x", "y", "z"),
				Seq: int64(rapid.IntRange(1, 5).Draw(t, "seq")), Value: pick("value", values...), ID: pick("id", ids...),
				Op: pick("op", ops...), Detail: detail(),
			})
		}
		complete := func() {
			e := history.Event{Node: "anna", Source: "x", Seq: 1}
			if len(invokes) > 0 {
				e = rapid.SampledFrom(invokes).Draw(t, "completes")
			}
			e.Kind = history.Kind(pick("outcome", "ok", "ok", "ok", "info", "fail"))
			e.Value, e.ID = pick("answer", values...), pick("given", ids...)
			e.Detail = pick("found", "", "", "absent")
			add(e)
		}
		for range rapid.IntRange(0, 16).Draw(t, "steps") {
			switch pick("step", "invoke", "invoke", "complete", "complete", "complete", "life", "fault", "heal", "healed") {
			case "invoke":
				if len(invokes) < 6 {
					invoke()
				}
			case "complete":
				complete()
			case "life":
				kind := pick("life", "kill", "stop", "exit", "start", "pause", "resume", "start")
				add(history.Event{Kind: history.Kind(kind), Node: node()})
			case "fault":
				fault(history.Fault)
			case "heal":
				fault(history.Heal)
			case "healed":
				add(history.Event{Kind: history.Heal, Op: history.HealAll})
			}
		}
		if rapid.Bool().Draw(t, "probes") {
			add(history.Event{Kind: history.Heal, Op: history.HealAll})
			var clients []string
			for _, e := range invokes {
				if !slices.Contains(clients, e.Node) {
					clients = append(clients, e.Node)
				}
			}
			for _, client := range clients {
				p := history.Event{Kind: history.Invoke, Node: client, Source: client, Seq: 9, Value: client}
				add(p)
				p.Kind = history.Kind(pick("probe", "ok", "ok", "ok", "info"))
				add(p)
			}
		}
		numbered := rapid.Bool().Draw(t, "numbered")
		var entries []history.Event
		for _, e := range invokes {
			for _, log := range logs {
				for range rapid.SampledFrom([]int{1, 1, 1, 1, 0, 2}).Draw(t, "copies") {
					entries = append(entries, history.Event{Kind: history.Final, Node: log, Source: e.Source, Seq: e.Seq, ID: e.ID, Value: e.Value})
				}
			}
		}
		if rapid.Bool().Draw(t, "shuffle") {
			entries = rapid.Permutation(entries).Draw(t, "log")
		}
		// No more than five, or seven: the oracle tries all ways to explain them.
		for _, e := range entries[:min(len(entries), 4+len(logs))] {
			if !numbered {
				e.Seq = 0
			}
			switch pick("damage", "", "", "", "", "value", "seq", "id", "source") {
			case "value":
				e.Value = pick("torn", append(values, "torn")...)
			case "seq":
				e.Seq = int64(rapid.IntRange(0, 6).Draw(t, "wrong seq"))
			case "id":
				e.ID = pick("wrong id", append(ids, "6")...)
			case "source":
				e.Source = pick("wrong source", "x", "y")
			}
			add(e)
		}
		return events
	})
}

// TestOracleSeesEverything: agreement means nothing unless the random
// histories make every checker say everything.
func TestOracleSeesEverything(t *testing.T) {
	seen := map[string]bool{}
	gen := histories()
	for seed := range 1000 {
		events := gen.Example(seed)
		facts := lab
		facts.Waits = seed%2 == 0
		run := check.New(events, facts)
		for _, c := range check.All() {
			seen[c.Property+" "+string(c.Judge(run).Outcome)] = true
		}
	}
	for _, c := range check.All() {
		for _, outcome := range []check.Outcome{check.Holds, check.Violated, check.Unknown} {
			require.True(t, seen[c.Property+" "+string(outcome)], "%s was never %s", c.Property, outcome)
		}
	}
}
