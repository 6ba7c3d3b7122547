package check_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

var update = flag.Bool("update", false, "write the golden files anew")

// topologies are those of the recorded histories, by their folder.
var topologies = map[string]check.Facts{
	// The sensor paul writes to a file, the forwarder on its machine sends that
	// to the collector.
	"sensor": {
		Bound: 2 * time.Second,
		Owed:  true,
		Links: []string{"forwarder->collector"},
		Hosts: map[string]string{"paul": "field", "forwarder": "field", "collector": "hub"},
	},
	// The clients ann and ben keep users in a directory.
	"users": {
		Bound: 2 * time.Second,
		Reads: []string{"read", "write"},
		Waits: true,
		Links: []string{"ann->directory", "ben->directory"},
	},
}

// golden is what must stay of a verdict: its meaning, not its wording.
type golden struct {
	Properties map[string]string `json:"properties"` // the outcome, and the messages concerned
	Counts     check.Counts      `json:"counts"`
}

// TestRecorded judges the histories in testdata. Each is a story of one lab,
// named for what happens in it.
func TestRecorded(t *testing.T) {
	for folder, facts := range topologies {
		files, err := filepath.Glob("testdata/" + folder + "/*.jsonl")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			name := strings.TrimSuffix(file, ".jsonl")
			t.Run(folder+"/"+filepath.Base(name), func(t *testing.T) { judgeRecorded(t, name, facts) })
		}
	}
}

// judgeRecorded holds the verdicts on a history against its golden file; name
// is the path of both, without their endings.
func judgeRecorded(t *testing.T, name string, facts check.Facts) {
	events, err := history.ReadFile(name + ".jsonl")
	require.NoError(t, err)
	run := check.New(events, facts)
	got := golden{Properties: map[string]string{}, Counts: check.Tally(run)}
	for _, c := range check.All() {
		v := c.Judge(run)
		said := string(v.Outcome)
		for _, m := range v.Messages {
			said += fmt.Sprintf(" %s/%d", m.Source, m.Seq)
		}
		got.Properties[c.Property] = said
	}
	path := name + ".golden.json"
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append(text, '\n'), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err, "run the test with -update to write it")
	var want golden
	require.NoError(t, json.Unmarshal(text, &want))
	require.Equal(t, want, got)
}
