package scenarios_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestBadScripts keeps what is said of every script in testdata/bad in one
// golden file, so that the language of the messages can be read at a stretch.
func TestBadScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*" + scenarios.Ext)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var got bytes.Buffer
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		s, err := scenarios.Parse("bad", filepath.Base(file), text, vocabulary())
		require.Error(t, err, file)
		require.Nil(t, s, file)
		requirePlaces(t, text, err)
		got.WriteString(err.Error() + "\n")
	}
	const golden = "testdata/bad/errors.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got.String())
}

// requirePlaces checks that every error lies within the text, the place behind
// the last character of a line included, and that they come in its order.
func requirePlaces(t require.TestingT, text []byte, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "not a join of errors: %v", err)
	rows := strings.Split(string(text), "\n")
	last := scenarios.Pos{}
	for _, err := range joined.Unwrap() {
		var e *scenarios.Error
		require.True(t, errors.As(err, &e), "%v", err)
		require.NotEmpty(t, e.Msg)
		require.True(t, 1 <= e.Pos.Line && e.Pos.Line <= len(rows), "%v", e)
		require.True(t, 1 <= e.Pos.Col && e.Pos.Col <= len([]rune(rows[e.Pos.Line-1]))+1, "%v", e)
		require.False(t, e.Pos.Line < last.Line || e.Pos.Line == last.Line && e.Pos.Col < last.Col, "%v out of order", e)
		last = e.Pos
	}
}

func TestTooLargeScript(t *testing.T) {
	text := []byte("system sensor\n" + strings.Repeat("# la\n", 1<<18))
	_, err := scenarios.Parse("", "song.scenario", text, vocabulary())
	require.EqualError(t, err, "song.scenario:1:1: the script has 1310734 bytes; at most 1048576 are read")
}

func TestManyMistakesAreCutShort(t *testing.T) {
	cases := map[string]string{
		"words":         "at 1s kill server\n",
		"first words":   "1. reading\n",
		"quotes":        "at 1s kill \"collector\"\n",
		"on one line":   "expect original holds " + strings.Repeat("truth ", 100) + "\n",
		"in the groups": "at 1s partition " + strings.Repeat("server | ", 100) + "collector\n",
	}
	for name, line := range cases {
		t.Run(name, func(t *testing.T) {
			text := []byte("system sensor\n" + strings.Repeat(line, 30))
			_, err := scenarios.Parse("", "wrong.scenario", text, vocabulary())
			requirePlaces(t, text, err)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, 21)
			require.Contains(t, lines[20], "and more mistakes; the rest was not checked")
		})
	}
}
