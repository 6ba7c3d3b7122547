package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
	"faultlab/sim/lab"
)

// A new lab is one folder and one line in a registry; all else works on it as
// it stands. These tests show it on the lab of notes_test.go, which nothing but
// testLabs knows of.

// Its answers get lost from the second note on, and the client posts again.
const lostAnswers = `system notes

when client sends #2  reset_peer client->service downstream

expect original violates no-duplicates count=2
expect original holds no-loss
`

func TestNewLabRuns(t *testing.T) {
	out := t.TempDir()
	code, table, said := faultlab(t, "run", "-out", out, scriptFile(t, "lost-answers.scenario", lostAnswers))
	require.Equal(t, exitOK, code, table+said)
	require.Contains(t, table, "4 runs: 4 as expected")
	page, err := os.ReadFile(filepath.Join(out, "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "notes/lost-answers")
	rec, events, err := reports.Load(filepath.Join(out, "notes", "lost-answers", "hardened", "live"))
	require.NoError(t, err)
	require.Len(t, rec.Faults, 1)
	require.NotEmpty(t, events)

	// What reruns showed is told of the run's own faults, in either world.
	for _, where := range []string{"virtual", "live"} {
		rec, _, err := reports.Load(filepath.Join(out, "notes", "lost-answers", "original", where))
		require.NoError(t, err)
		require.Len(t, rec.Counterfactuals, 1)
		require.Len(t, rec.Counterfactuals[0].Without, 1)
		require.NotEmpty(t, rec.Faults[0].Uses)
		require.Equal(t, rec.Faults[0].Uses, rec.Counterfactuals[0].Without[0].Uses)
	}

	code, again, said := faultlab(t, "check", out)
	require.Equal(t, exitOK, code, said)
	require.Contains(t, table, rows(again), "check repeats the verdicts")
}

// rows are the rows of what a command prints, for each scenario and variant. The
// stories before them replay what the command was given; check has only the copy
// of the script beside the run.
func rows(table string) string {
	_, rows, _ := strings.Cut(table[strings.LastIndex(table, "replay: "):], "\n\n")
	return rows
}

func TestNewLabKeepsPromises(t *testing.T) { testPromises(t, lab.Register(notes())) }
func TestNewLabBreaks(t *testing.T)        { testBreaks(t, lab.Register(notes())) }
func TestNewLabLive(t *testing.T)          { testLive(t, lab.Register(notes())) }
