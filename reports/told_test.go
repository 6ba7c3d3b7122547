package reports

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/explain"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// told is a run with a story: the ACK of a reading is cut, the forwarder sends
// again, and the collector stores again. expected says whether the script
// expects that.
func told(expected bool) Run {
	const link = "forwarder->collector"
	of := func(t int64, node string, kind history.Kind, e history.Event) history.Event {
		e.T, e.Node, e.Kind, e.Source, e.Seq = t*1_000_000, node, kind, "paul", 2
		return e
	}
	request := history.Event{Op: "POST", Link: link, Msg: "POST 2"}
	arrived := history.Event{Op: "POST", Msg: "POST 2"}
	ack := history.Event{Op: "ACK", Msg: "re POST 2"}
	events := []history.Event{
		of(10, "sensor", history.Invoke, history.Event{Op: "reading", Value: "paul 13.2 64.2 2"}),
		of(11, "sensor", history.OK, history.Event{Op: "reading"}),
		of(20, "forwarder", history.Send, request),
		of(21, "collector", history.Recv, arrived),
		of(22, "collector", history.Decide, history.Event{Detail: "1 > 2 = false → store"}),
		of(23, "collector", history.Store, history.Event{}),
		{T: 23_500_000, Kind: history.Fault, Op: "reset_peer", ID: "1", Link: link, Detail: "downstream"},
		of(24, "collector", history.Send, ack),
		{T: 40_000_000, Kind: history.Heal, Op: "reset_peer", ID: "1", Link: link},
		of(50, "forwarder", history.Send, request),
		of(51, "collector", history.Recv, arrived),
		of(52, "collector", history.Decide, history.Event{Detail: "2 > 2 = false → store <b>"}),
		of(53, "collector", history.Store, history.Event{}),
		of(54, "collector", history.Send, ack),
		of(55, "forwarder", history.Recv, history.Event{Op: "POST", Link: link, Msg: "re POST 2"}),
		{T: 60_000_000, Kind: history.Heal, Op: history.HealAll},
		of(70, "", history.Final, history.Event{}),
		of(71, "", history.Final, history.Event{}),
	}
	r := Run{Script: "sensor/lost-ack", Result: resultOf("original", "virtual", events, world.Judgement{})}
	r.Record.Expects[0].Violated = expected
	r.Record.Faults[0].Uses = []string{"1"}
	r.Record.Counterfactuals = []explain.Counterfactual{{
		Property: "no-duplicates", Reproduced: true, Needed: true,
		Without: []explain.Fault{{Line: 5, Text: "reset_peer forwarder->collector downstream", Uses: []string{"1"}}},
		Remedy:  "hardened: collector decided “2 ≤ 2 → stored already”",
	}}
	r.Judgement = world.Judge(r.Record, events)
	r.Explain()
	return r
}

func TestToldGolden(t *testing.T) {
	var few, many bytes.Buffer
	require.NoError(t, Table(&few, []Run{told(true)}, false))
	surprise := told(false)
	all := []Run{surprise}
	for i := range 5 {
		r := told(true)
		r.Record.Scenario += fmt.Sprint(i)
		r.Script = r.Record.Scenario
		all = append(all, r)
	}
	require.NoError(t, Table(&many, all, false))
	for name, got := range map[string][]byte{
		"explanation.md": told(true).explanationMD(),
		"summary.md":     summaryMD(all),
		"told-few.txt":   few.Bytes(),
		"told-many.txt":  many.Bytes(),
	} {
		golden := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%s; if the change is meant: go test ./reports -update", golden)
	}
}

// A saved run tells the same story as the run did, byte for byte.
func TestStoriesOfSavedRun(t *testing.T) {
	out := t.TempDir()
	r := told(true)
	require.NoError(t, Save(out, r))
	dir := filepath.Join(out, Dir(r.Record))
	read := func() (files [2]string) {
		for i, name := range []string{verdictFile, storiesFile} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			files[i] = string(text)
		}
		return files
	}
	before := read()
	require.Contains(t, before[0], `"fault": "reset_peer forwarder->collector downstream"`)

	rec, events, err := Load(dir)
	require.NoError(t, err)
	again := Run{Result: world.Result{Record: rec, Events: events, Judgement: world.Judge(rec, events)}, Script: r.Script}
	again.Explain()
	require.NoError(t, SaveVerdict(dir, again))
	require.Equal(t, before, read())
}

// Nothing that a lab or a script says can end a statement of the diagram, or
// begin a tag of the page.
func TestMermaidText(t *testing.T) {
	for text, want := range map[string]string{
		"a->b; drop #1":         "a-#gt;b#59; drop #35;1",
		"</script>\nnext":       "#lt;/script#gt; next",
		"\x1b[31mred":           "�[31mred",
		"17 > 17 = false → end": "17 #gt; 17 = false → end",
	} {
		require.Equal(t, want, mermaidText(text))
	}
}

// Every line of a diagram is a statement that the language knows.
func TestMermaidStatements(t *testing.T) {
	r := told(true)
	require.Len(t, r.diagrams, len(r.Stories))
	lines := strings.Split(strings.TrimSuffix(r.diagrams[0], "\n"), "\n")
	require.Equal(t, "sequenceDiagram", lines[0])
	for _, line := range lines[1:] {
		require.Regexp(t, `^    (participant n\d+ as \S+|Note over n\d+(,n\d+)?: .+|n\d+(->>|-->>|-x|--x)n\d+: .+)$`, line)
	}
	require.Contains(t, r.diagrams[0], "n2--xn1: ACK paul/2")
}

func TestMarkdown(t *testing.T) {
	require.Equal(t, "\\<img\\> \\| \\*x\\* \\[a\\](b) c", markdown("<img> | *x* [a](b)\nc"))
}

// Of a hundred runs the table says on one screen what held and what broke.
func TestTableOfLabs(t *testing.T) {
	var all []Run
	for i := range 60 {
		r := told(i != 7)
		r.Record.Scenario = fmt.Sprintf("sensor/number-%d", i)
		r.Script = r.Record.Scenario
		if i >= 50 {
			r.Record.Lab = "other"
		}
		all = append(all, r)
	}
	var text bytes.Buffer
	require.NoError(t, Table(&text, all, false))
	require.Contains(t, text.String(), `
differs  sensor  50 scenarios  50 runs  49 violate what they should, 0 hold, 1 differ
ok       other   10 scenarios  10 runs  10 violate what they should, 0 hold

60 runs: 59 as expected, 1 with a verdict that differs
`)
	require.Contains(t, text.String(), "differs  sensor/number-7 original virtual\n")
}
