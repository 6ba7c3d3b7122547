package history_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/history"
)

// whole is a history with every sort of field in it.
const whole = `{"t":0,"node":"sensor","kind":"invoke","op":"read","source":"paul","seq":1,"value":"<17> & \"18\"\nÄ"}
{"t":5,"node":"sensor","kind":"send","id":"a-1","link":"sensor->forwarder","msg":"POST a-1"}
{"t":5,"kind":"heal","op":"all","detail":"4 > 3"}
`

func TestReadRefusesDamage(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		line       int
		says       string
	}{
		{"no end", `{"t":1,"kind":"ok"}`, 1, "cut short"},
		{"no end on the last line", `{"t":1,"kind":"ok"}` + "\n" + `{"t":2,"kind":"ok"}`, 2, "cut short"},
		{"half a line", `{"t":1,"kind":"ok"}` + "\n" + `{"t":2,"ki`, 2, "cut short"},
		{"half a line in the middle", `{"t":1,"ki` + "\n" + `{"t":2,"kind":"ok"}` + "\n", 1, "not an event"},
		{"empty line", `{"t":1,"kind":"ok"}` + "\n\n", 2, "an empty line is no event"},
		{"blank line", "  \t\n", 1, "an empty line is no event"},
		{"two on a line", `{"t":1,"kind":"ok"}{"t":2,"kind":"ok"}` + "\n", 1, "follows it on the line"},
		{"text behind", `{"t":1,"kind":"ok"} ok` + "\n", 1, `"ok" follows it on the line`},
		{"unknown kind", `{"t":1,"kind":"okay"}` + "\n", 1, `unknown kind "okay"`},
		{"no kind", `{"t":1}` + "\n", 1, `unknown kind ""`},
		{"no time", `{"kind":"ok"}` + "\n", 1, "it has no t"},
		{"null", "null\n", 1, "not an event"},
		{"unknown field", `{"t":1,"kind":"ok","sequence":3}` + "\n", 1, `unknown field "sequence"`},
		{"wrong type", `{"t":"1","kind":"ok"}` + "\n", 1, "not an event"},
		{"fraction of a nanosecond", `{"t":1.5,"kind":"ok"}` + "\n", 1, "not an event"},
		{"before the start", `{"t":-1,"kind":"ok"}` + "\n", 1, "before the start"},
		{"negative number", `{"t":1,"kind":"ok","seq":-3}` + "\n", 1, "seq=-3 is negative"},
		{"time backwards", `{"t":2,"kind":"ok"}` + "\n" + `{"t":1,"kind":"ok"}` + "\n", 2, "time runs backwards: t=1 after t=2"},
		{"no text at all", "\x00\x01\n", 1, "not an event"},
		{"a byte that is no UTF-8", "{\"t\":1,\"kind\":\"ok\",\"value\":\"1\xff\"}\n", 1, "not UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			events, err := history.Read(strings.NewReader(tc.text), "run/history.jsonl")
			require.Nil(t, events)
			var damage *history.DamageError
			require.ErrorAs(t, err, &damage)
			require.Equal(t, tc.line, damage.Line)
			require.ErrorContains(t, err, tc.says)
			require.ErrorContains(t, err, "run/history.jsonl:")
		})
	}
}

// A file that is cut anywhere but between two lines is damaged; between two it
// is a shorter history, which only the record of the run can tell.
func TestReadSeesEveryCut(t *testing.T) {
	for n := range len(whole) {
		events, err := history.Read(strings.NewReader(whole[:n]), "x")
		if n == 0 || whole[n-1] == '\n' {
			require.NoError(t, err)
			require.Len(t, events, strings.Count(whole[:n], "\n"))
			continue
		}
		var damage *history.DamageError
		require.ErrorAs(t, err, &damage, "cut at byte %d", n)
		require.Equal(t, 1+strings.Count(whole[:n], "\n"), damage.Line)
	}
}

func TestReadTellsAReadErrorFromDamage(t *testing.T) {
	gone := errors.New("the disk is gone")
	_, err := history.Read(io.MultiReader(strings.NewReader(whole), iotest.ErrReader(gone)), "x")
	require.ErrorIs(t, err, gone)
	var damage *history.DamageError
	require.False(t, errors.As(err, &damage))
}

func TestWriteIsOneEventALine(t *testing.T) {
	events, err := history.Read(strings.NewReader(whole), "x")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, history.Write(&out, events))
	require.Equal(t, whole, out.String())
}

func TestWriteReadRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOf(rapid.Custom(func(t *rapid.T) history.Event {
			text := func(name string) string { return rapid.String().Draw(t, name) }
			return history.Event{
				T: rapid.Int64Min(0).Draw(t, "t"), Kind: rapid.SampledFrom(history.Kinds).Draw(t, "kind"),
				Seq: rapid.Int64Min(0).Draw(t, "seq"), Node: text("node"), Op: text("op"), Source: text("source"),
				ID: text("id"), Value: text("value"), Link: text("link"), Msg: text("msg"), Detail: text("detail"),
			}
		})).Draw(t, "events")
		history.Sort(events)
		var file bytes.Buffer
		require.NoError(t, history.Write(&file, events))
		again, err := history.Read(&file, "x")
		require.NoError(t, err)
		require.Len(t, again, len(events))
		for i := range events {
			require.Equal(t, events[i], again[i])
		}
	})
}

func TestWriteFileLeavesOnlyTheWholeFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "history.jsonl")
	require.NoError(t, history.WriteFile(path, []history.Event{{T: 1, Kind: history.Start}}))
	require.NoError(t, history.WriteFile(path, []history.Event{{T: 1, Kind: history.Start}, {T: 2, Kind: history.Exit}}))
	events, err := history.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, events, 2)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "a temporary file is left")

	require.Error(t, history.WriteFile(filepath.Join(dir, "none", "history.jsonl"), nil))
	_, err = history.ReadFile(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
