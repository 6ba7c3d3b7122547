package reports

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
)

func savedRuns(t *testing.T) (out string, folders []string, saved []Run) {
	t.Helper()
	out, saved = t.TempDir(), runs()
	for i := range saved {
		saved[i].Explain()
		require.NoError(t, Save(out, saved[i]))
		folders = append(folders, filepath.Join(out, filepath.FromSlash(Dir(saved[i].Record))))
	}
	return out, folders, saved
}

func readPages(t *testing.T, folders []string) []string {
	t.Helper()
	var all []string
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, pageFile))
		require.NoError(t, err)
		all = append(all, string(text))
	}
	return all
}

// A page follows from what was saved: judged again, in another order, it has
// the same bytes.
func TestPagesAreTheSameWheneverWritten(t *testing.T) {
	_, folders, saved := savedRuns(t)
	require.NoError(t, Pages(folders, saved))
	first := readPages(t, folders)

	slices.Reverse(folders)
	slices.Reverse(saved)
	for i, folder := range folders {
		rec, events, err := Load(folder)
		require.NoError(t, err)
		again := Run{Result: world.Result{Record: rec, Events: events, Judgement: saved[i].Judgement}, Script: saved[i].Script}
		again.Explain()
		require.NoError(t, Pages(folders[i:i+1], []Run{again}))
	}
	slices.Reverse(folders)
	require.Equal(t, first, readPages(t, folders))
}

// A run is shown beside the other variants of its scenario; one that is damaged
// is left out.
func TestPagesStandSideBySide(t *testing.T) {
	_, folders, saved := savedRuns(t)
	require.NoError(t, Pages(folders, saved))
	const link = `href="../../hardened/`
	require.Contains(t, readPages(t, folders[:1])[0], link)

	for _, folder := range folders[1:] {
		require.NoError(t, os.WriteFile(filepath.Join(folder, runFile), []byte("{"), 0o644))
	}
	require.NoError(t, Pages(folders[:1], saved[:1]))
	require.NotContains(t, readPages(t, folders[:1])[0], link)
}

// A script that does not come with the program is repeated from its copy: the
// saved run does not tell where the first one was.
func TestReplayOfAnOwnScript(t *testing.T) {
	r := runs()[0]
	r.Script = "/home/ann/my.scenario"
	require.Contains(t, r.replayBeside(), " scenario")
	require.NotContains(t, r.replayBeside(), "ann")
}
