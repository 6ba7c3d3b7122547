package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
)

func TestSaveThenLoad(t *testing.T) {
	out := t.TempDir()
	for _, r := range runs() {
		require.NoError(t, Save(out, r))
		rec, events, err := Load(filepath.Join(out, Dir(r.Record)))
		require.NoError(t, err)
		require.Equal(t, r.Record, rec)
		require.Equal(t, r.Events, events)
	}
	found, err := Find(out)
	require.NoError(t, err)
	require.Len(t, found, len(runs()))

	// What there is of a run, byte by byte where a person reads it.
	dir := filepath.Join(out, Dir(runs()[0].Record))
	for name, want := range map[string]string{
		"scenario":                       lostAck,
		"console/collector.txt":          "ACK 1\nACK 2 <again>\n",
		"disk/collector/server-paul.log": "paul 13.2 64.2 1\n",
		"disk/station/50%? & more":       "",
	} {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		require.Equal(t, want, string(text), name)
	}
}

// A run replaces the one before it wholly: a file that the earlier run left
// would be read as the later one's.
func TestSaveReplaces(t *testing.T) {
	out := t.TempDir()
	r := runs()[0]
	require.NoError(t, Save(out, r))
	r.Files = map[string][]byte{"collector/other.log": []byte("x")}
	require.NoError(t, Save(out, r))

	var names []string
	require.NoError(t, filepath.Walk(out, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			names = append(names, strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(out)+"/"+Dir(r.Record)+"/"))
		}
		return err
	}))
	require.ElementsMatch(t, []string{
		"run.json", "history.jsonl", "verdict.json", "scenario", "console/collector.txt", "disk/collector/other.log",
	}, names)
}

func TestSaveRefuses(t *testing.T) {
	t.Run("a folder that holds something else", func(t *testing.T) {
		out := t.TempDir()
		dir := filepath.Join(out, Dir(runs()[0].Record))
		require.NoError(t, os.MkdirAll(dir, 0o755))
		precious := filepath.Join(dir, "thesis.txt")
		require.NoError(t, os.WriteFile(precious, []byte("text"), 0o644))
		require.ErrorContains(t, Save(out, runs()[0]), "choose another output folder")
		require.FileExists(t, precious)
	})
	t.Run("a disk file that leads out of the folder", func(t *testing.T) {
		out := t.TempDir()
		r := runs()[0]
		r.Files = map[string][]byte{"../../../../../x": nil}
		require.Error(t, Save(out, r))
		entries, err := os.ReadDir(out)
		require.NoError(t, err)
		require.Len(t, entries, 1, "only the lab's folder")
	})
}

// Each kind of damage is told from the others, with its file and line.
func TestLoadDamaged(t *testing.T) {
	edit := func(name string, change func(string) string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			file := filepath.Join(dir, name)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			changed := change(string(text))
			require.NotEqual(t, string(text), changed)
			require.NoError(t, os.WriteFile(file, []byte(changed), 0o644))
		}
	}
	replace := func(name, from, to string) func(*testing.T, string) {
		return edit(name, func(text string) string { return strings.Replace(text, from, to, 1) })
	}
	for name, test := range map[string]struct {
		damage func(*testing.T, string)
		want   string
	}{
		"history cut in a line":       {edit("history.jsonl", func(s string) string { return s[:len(s)-9] }), "history.jsonl:8: "},
		"history cut between lines":   {edit("history.jsonl", func(s string) string { return s[:strings.LastIndex(s[:len(s)-1], "\n")+1] }), "history.jsonl:8: the history ends after 7 events, and the run had 8"},
		"history empty":               {edit("history.jsonl", func(string) string { return "" }), "history.jsonl:1: the history ends after 0 events"},
		"history grown":               {edit("history.jsonl", func(s string) string { return s + s[strings.LastIndex(s[:len(s)-1], "\n")+1:] }), "history.jsonl:10: "},
		"history with a digit gone":   {replace("history.jsonl", `"t":5`, `"t":`), "history.jsonl:5: "},
		"history with time reversed":  {replace("history.jsonl", `"t":5`, `"t":1`), "history.jsonl:5: time runs backwards"},
		"history of an unknown kind":  {replace("history.jsonl", `"heal"`, `"heel"`), `history.jsonl:7: not an event: unknown kind "heel"`},
		"history missing":             {func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "history.jsonl"))) }, "history.jsonl: "},
		"record missing":              {func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "run.json"))) }, "a saved run has a run.json"},
		"record cut":                  {edit("run.json", func(s string) string { return s[:len(s)/2] }), "cut short"},
		"record empty":                {edit("run.json", func(string) string { return "" }), "run.json:1: not the record of a run: the file was cut short"},
		"record with a digit spoiled": {replace("run.json", `"seed": 7`, `"seed": 7x`), "run.json:6: "},
		"record of another type":      {replace("run.json", `"seed": 7`, `"seed": "7"`), "run.json:6: "},
		"record of something else":    {edit("run.json", func(string) string { return "{}\n" }), "it names no lab"},
		"record with a strange field": {replace("run.json", `"seed"`, `"sead"`), `unknown field "sead"`},
		"record followed by another":  {edit("run.json", func(s string) string { return s + s }), "something follows the record"},
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			require.NoError(t, Save(out, runs()[0]))
			dir := filepath.Join(out, Dir(runs()[0].Record))
			test.damage(t, dir)
			_, _, err := Load(dir)
			require.ErrorContains(t, err, test.want)
		})
	}
}

// A cut anywhere is noticed: no prefix of a history passes for the whole.
func TestLoadCutAnywhere(t *testing.T) {
	out := t.TempDir()
	require.NoError(t, Save(out, runs()[0]))
	dir := filepath.Join(out, Dir(runs()[0].Record))
	file := filepath.Join(dir, "history.jsonl")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for n := range text {
		require.NoError(t, os.WriteFile(file, text[:n], 0o644))
		_, _, err := Load(dir)
		var damage *history.DamageError
		require.ErrorAs(t, err, &damage, "cut after %d bytes", n)
	}
}
