package reports

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// saved saves the fixture's runs and the files over all of them.
func saved(t *testing.T) (out string) {
	t.Helper()
	out = t.TempDir()
	for _, r := range runs() {
		require.NoError(t, Save(out, r))
	}
	require.NoError(t, Write(out, runs()))
	return out
}

func TestGolden(t *testing.T) {
	out := saved(t)
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(name)))
		require.NoError(t, err)
		return data
	}
	var table, painted, lines bytes.Buffer
	require.NoError(t, Table(&table, runs(), false))
	require.NoError(t, Table(&painted, runs(), true))
	for _, r := range runs() {
		lines.WriteString(r.Line(false) + "\n")
	}
	for name, got := range map[string][]byte{
		"summary.json": read("summary.json"),
		"junit.xml":    read("junit.xml"),
		"index.html":   read("index.html"),
		"verdict.json": read("sensor/lost-ack/original/virtual/verdict.json"),
		"table.txt":    table.Bytes(),
		"painted.txt":  painted.Bytes(),
		"lines.txt":    lines.Bytes(),
	} {
		golden := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%s; if the change is meant: go test ./reports -update", golden)
	}
}

// A CI system reads the file with a strict parser, and a stack may hold bytes
// that XML has no way to write.
func TestJUnitIsWellFormed(t *testing.T) {
	text, err := junit(runs())
	require.NoError(t, err)
	for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := dec.Token(); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
	}
	var back junitSuites
	require.NoError(t, xml.Unmarshal(text, &back))
	require.Equal(t, 5, back.Tests)
	require.Equal(t, 1, back.Failures)
	require.Equal(t, 1, back.Errors)
	require.Contains(t, back.Suites[0].Cases[4].Error.Text, "<script>alert(1)</script> ]]>")
}

// Every link of the page leads to a file, whatever a lab calls its files.
func TestIndexLinks(t *testing.T) {
	out := saved(t)
	for _, r := range runs() {
		files, err := runFiles(os.DirFS(out), Dir(r.Record))
		require.NoError(t, err)
		require.Len(t, files, 7)
		require.Equal(t, "history.jsonl", files[0].Name, "a run's own files come first")
		require.Equal(t, Dir(r.Record)+"/disk/station/50%25%3F%20&%20more", files[6].Link)
	}
	files, err := runFiles(os.DirFS(out), "sensor/none/original/live")
	require.NoError(t, err)
	require.Empty(t, files)
}

// A page of no runs is a page, and a summary of none has a list.
func TestNoRuns(t *testing.T) {
	out := t.TempDir()
	require.NoError(t, Write(out, nil))
	text, err := os.ReadFile(filepath.Join(out, "summary.json"))
	require.NoError(t, err)
	require.JSONEq(t, `{"runs": [], "counts": {"runs": 0, "as_expected": 0, "differs": 0, "unknown": 0}}`, string(text))
}
