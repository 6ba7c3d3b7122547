package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
)

// runVirtually runs a script in the virtual world.
func runVirtually(t *testing.T, text string, more ...string) (code int, out string, s reports.Summary, said string) {
	t.Helper()
	out = t.TempDir()
	args := append([]string{"run", "-json", "-world", "virtual", "-out", out}, more...)
	code, stdout, said := faultlab(t, append(args, scriptFile(t, "mine.scenario", text))...)
	require.NoError(t, json.Unmarshal([]byte(stdout), &s), "-json prints one object and nothing else: %s%s", stdout, said)
	saved, err := os.ReadFile(filepath.Join(out, "summary.json"))
	require.NoError(t, err)
	require.Equal(t, string(saved), stdout)
	return code, out, s, said
}

func TestRunAsExpected(t *testing.T) {
	code, out, s, said := runVirtually(t, "system fragile\n\nexpect original violates no-duplicates count=4\n")
	require.Equal(t, exitOK, code, said)
	require.Equal(t, reports.Counts{Runs: 2, AsExpected: 2}, s.Counts)
	require.Equal(t, "original", s.Runs[0].Variant)
	require.EqualValues(t, "violated", s.Runs[0].Properties["no-duplicates"])
	require.EqualValues(t, "holds", s.Runs[1].Outcome)
	for _, name := range []string{"run.json", "history.jsonl", "verdict.json", "scenario", "console/writer.txt", "disk/desk/log"} {
		require.FileExists(t, filepath.Join(out, "fragile", "mine", "hardened", "virtual", name))
	}
	require.Contains(t, said, "ok       fragile/mine original virtual  violates no-duplicates (4), as expected")
}

func TestRunExitCodes(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		args   []string
		code   int
		counts reports.Counts
	}{
		"differs":                 {"system fragile\n\nexpect original holds no-duplicates\n", nil, exitDiffers, reports.Counts{Runs: 2, AsExpected: 1, Differs: 1}},
		"differs in number":       {"system fragile\n\nexpect original violates no-duplicates count=1\n", nil, exitDiffers, reports.Counts{Runs: 2, AsExpected: 1, Differs: 1}},
		"nothing to judge":        {"system fragile\n", []string{"-variant", "original"}, exitUnknown, reports.Counts{Runs: 1, Unknown: 1}},
		"a trigger never reached": {"system fragile\n\nwhen writer stores #1 kill writer for 1ms\n", nil, exitUnknown, reports.Counts{Runs: 1, Unknown: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, s, said := runVirtually(t, test.script, test.args...)
			require.Equal(t, test.code, code, said)
			require.Equal(t, test.counts, s.Counts, said)
		})
	}
}

// A lab that takes its process down costs one run, not the command: the next
// run finds a new worker, and the dead one's last words tell why.
func TestWorkerDies(t *testing.T) {
	for how, words := range map[string][]string{
		"panic": {"the writer broke", "breakDown"},
		"stray": {"the stray broke", "breakDown"},
		"spin":  {"did not end within", "breakDown"},
		"lock":  {"did not end within", "breakDown"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			file := scriptFile(t, "dies.scenario", "system fragile\nworkload breaks="+how+"\n")
			whole := scriptFile(t, "whole.scenario", "system fragile\n")
			out := t.TempDir()
			code, table, said := faultlabLimit(t, 2*time.Second, "run", "-world", "virtual", "-seed", "7", "-out", out, file, whole)
			require.Equal(t, exitUnknown, code, said)
			require.Contains(t, table, "replay: faultlab run -variant hardened -world virtual -seed 7 "+file)
			require.Contains(t, table, "2 runs: 1 as expected, 1 unknown")

			rec, _, err := reports.Load(filepath.Join(out, "fragile", "dies", "hardened", "virtual"))
			require.NoError(t, err)
			for _, w := range words {
				require.Contains(t, strings.Join(rec.Problems, "\n"), w)
			}
		})
	}
}

// A worker that dies over the reruns that explain a run costs the proof, and not
// the run.
func TestWorkerDiesExplaining(t *testing.T) {
	code, out, s, said := runVirtually(t, "system fragile\nworkload breaks=once\n\nexpect original violates no-duplicates count=4\n")
	require.Equal(t, exitUnknown, code, said)
	require.Equal(t, reports.Counts{Runs: 2, AsExpected: 1, Unknown: 1}, s.Counts, said)
	rec, _, err := reports.Load(filepath.Join(out, "fragile", "mine", "original", "virtual"))
	require.NoError(t, err)
	require.Empty(t, rec.Problems)
	require.Empty(t, rec.Counterfactuals)
}

// What a saved run is judged to be does not depend on when it is judged: check
// writes every file as run did.
func TestCheckRepeatsVerdicts(t *testing.T) {
	code, out, _, said := runVirtually(t, "system fragile\n\nexpect original holds no-duplicates\n")
	require.Equal(t, exitDiffers, code, said)
	before := contents(t, out)
	require.NoError(t, os.WriteFile(filepath.Join(out, "fragile", "mine", "original", "virtual", "verdict.json"), nil, 0o644))

	code, table, said := faultlab(t, "check", out)
	require.Equal(t, exitDiffers, code, said)
	require.Contains(t, table, "no-duplicates is violated")
	after := contents(t, out)
	for name, text := range before {
		if filepath.Base(name) == "verdict.json" || name == "summary.json" {
			require.Equal(t, text, after[name], name)
		}
	}

	one := filepath.Join(out, "fragile", "mine", "hardened", "virtual")
	code, _, said = faultlab(t, "check", one)
	require.Equal(t, exitOK, code, said)
	require.NoFileExists(t, filepath.Join(one, "summary.json"), "a single run has no summary of its own")
}

func TestCheckDamaged(t *testing.T) {
	_, out, _, _ := runVirtually(t, "system fragile\n")
	before := contents(t, out)
	file := filepath.Join(out, "fragile", "mine", "hardened", "virtual", "history.jsonl")
	require.NoError(t, os.Truncate(file, int64(len(before["fragile/mine/hardened/virtual/history.jsonl"])-5)))
	code, _, said := faultlab(t, "check", out)
	require.Equal(t, exitUsage, code)
	require.Regexp(t, `history\.jsonl:\d+: .*cut`, said)
	require.Equal(t, before["summary.json"], contents(t, out)["summary.json"], "nothing is written over damage")
}

// The same runs give the same bytes, but for the real time that they took.
func TestRunRepeats(t *testing.T) {
	script := scriptFile(t, "mine.scenario", "system fragile\n\nexpect original violates no-duplicates\n")
	var first map[string]string
	for range 2 {
		out := t.TempDir()
		code, _, said := faultlab(t, "run", "-world", "virtual", "-out", out, script)
		require.Equal(t, exitOK, code, said)
		got := contents(t, out)
		for name := range got {
			switch filepath.Base(name) {
			case "run.json", "summary.json", "junit.xml":
				delete(got, name) // they tell how long it took
			}
		}
		if first == nil {
			first = got
		}
		require.Equal(t, first, got)
	}
}

// contents reads all files below a folder, by their names in it.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	}))
	return files
}
