package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports/page"
	"faultlab/sim/check"
)

// exploreLostAck saves sensor/lost-ack explorable, and gives its files.
func exploreLostAck(t *testing.T) (out string, files map[string]string) {
	t.Helper()
	out = t.TempDir()
	code, _, said := faultlab(t, "run", "-explorable", "-world", "virtual", "-out", out, "sensor/lost-ack")
	require.Equal(t, exitOK, code, said)
	return out, contents(t, out)
}

// An ACK can be lost wherever one is on its way, and the original stores twice
// what it answers. Where nothing is on its way the fault does no harm, and the
// hardened variant stands it everywhere.
func TestExplorable(t *testing.T) {
	out, files := exploreLostAck(t)
	var e page.Explorable
	saved := files["sensor/lost-ack/original/virtual/explorable.json"]
	require.NoError(t, json.Unmarshal([]byte(saved), &e))
	require.Equal(t, saved, files["sensor/lost-ack/hardened/virtual/explorable.json"])
	require.Equal(t, []string{"original", "hardened"}, e.Variants)
	require.Equal(t, "when collector stores #17", e.Moment)
	require.Len(t, e.Positions, positions)
	outcomes := map[check.Outcome]int{}
	scripted, last := 0, int64(-1)
	for _, p := range e.Positions {
		require.Greater(t, p.At, last, "in order of time")
		last = p.At
		require.Len(t, p.Sides, 2)
		outcomes[p.Sides[0].Outcome]++
		require.Equal(t, check.Holds, p.Sides[1].Outcome, p.Sides[1].Finding)
		if p.Sides[0].Outcome == check.Violated {
			require.NotEmpty(t, p.Sides[0].Effect, "what harms has met something")
			require.NotEmpty(t, p.Sides[0].Lines)
			require.NotNil(t, p.Sides[0].Model)
		}
		if p.Scripted {
			scripted++
			require.Contains(t, p.Sides[0].Title, "paul/17")
		}
	}
	require.Equal(t, 1, scripted)
	require.Greater(t, outcomes[check.Violated], 5)
	require.Greater(t, outcomes[check.Holds], 5)

	// It can be judged again with what was saved, and told again.
	code, _, said := faultlab(t, "check", out)
	require.Equal(t, exitOK, code, said)
	again := contents(t, out)
	for _, variant := range e.Variants {
		name := filepath.ToSlash(filepath.Join("sensor/lost-ack", variant, "virtual/report.html"))
		require.Equal(t, files[name], again[name])
		require.Contains(t, again[name], "Move the fault")
		require.Less(t, len(again[name]), 1_500_000, "it is sent to phones")
	}

	// And it comes out the same.
	_, second := exploreLostAck(t)
	require.Equal(t, saved, second["sensor/lost-ack/original/virtual/explorable.json"])
}

func TestExplorableMistakes(t *testing.T) {
	calm := scriptFile(t, "calm.scenario", "system fragile\n")
	for _, test := range []struct {
		args []string
		said string
	}{
		{[]string{"-explorable", "-world", "live", "sensor/lost-ack"}, "virtual world"},
		{[]string{"-fault", "8", "sensor/lost-ack"}, "-explorable"},
		{[]string{"-explorable", "-fault", "3", "sensor/lost-ack"}, "its faults are in lines 7"},
		{[]string{"-explorable", calm}, "no script has one"},
		{[]string{"-explorable", "-fault", "3", calm}, "has no fault"},
	} {
		code, _, said := faultlab(t, append([]string{"run", "-out", t.TempDir()}, test.args...)...)
		require.Equal(t, exitUsage, code, test.args)
		require.Contains(t, said, test.said)
	}
}

// A fault whose event never comes has no place to be moved from; the runs are
// saved all the same.
func TestExplorableWithoutItsEvent(t *testing.T) {
	script := scriptFile(t, "mine.scenario", "system fragile\n\nwhen writer stores #9 kill writer for 1ms\n")
	out := t.TempDir()
	code, _, said := faultlab(t, "run", "-explorable", "-world", "virtual", "-out", out, script)
	require.Equal(t, exitUnknown, code)
	require.Contains(t, said, "fragile/mine is not explorable")
	require.FileExists(t, filepath.Join(out, "fragile/mine/hardened/virtual/report.html"))
	require.NoFileExists(t, filepath.Join(out, "fragile/mine/hardened/virtual/explorable.json"))
}
