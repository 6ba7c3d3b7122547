package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// asReplayer makes the test binary run generated timelines and print what they
// came to; its value is how many.
const asReplayer = "FAULTLAB_TEST_REPLAYS"

// replays is how many timelines TestReplay runs of each variant, in each
// process: 1000 in a soak.
func replays() int {
	switch {
	case soak():
		return 1000
	case testing.Short():
		return 4
	}
	return 20
}

// outcome is what one timeline came to.
type outcome struct {
	name      string // lab, variant and number
	hash      string // of history.jsonl
	events    int
	effective int // faults that met something
	outcome   string
}

// TestReplay: the same seed gives the same bytes of history in separate
// processes, whatever their number of processors; other seeds give others.
func TestReplay(t *testing.T) {
	n := replays()
	first := replayed(t, n, 1)
	second := replayed(t, n, 2)
	require.Len(t, second, len(first))
	seen := map[string]string{}
	var events, effective []int
	for i, a := range first {
		require.Equal(t, a, second[i], "the two processes differ")
		// Two variants may well do the same.
		key := path.Dir(a.name) + " " + a.hash
		require.Empty(t, seen[key], "%s has the history of %s", a.name, seen[key])
		seen[key] = a.name
		events, effective = append(events, a.events), append(effective, a.effective)
	}
	slices.Sort(events)
	slices.Sort(effective)
	t.Logf("%d timelines, 0 differences; median of events %d, of faults that met something %d",
		len(first), events[len(events)/2], effective[len(effective)/2])
}

// replayed runs the timelines in a process of its own.
func replayed(t *testing.T, n, processors int) []outcome {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", asReplayer, n), fmt.Sprintf("GOMAXPROCS=%d", processors))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []outcome
	for scan := bufio.NewScanner(bytes.NewReader(out)); scan.Scan(); {
		var o outcome
		_, err := fmt.Sscan(scan.Text(), &o.name, &o.hash, &o.events, &o.effective, &o.outcome)
		require.NoError(t, err, scan.Text())
		all = append(all, o)
	}
	require.NotEmpty(t, all)
	return all
}

// replayIfAsked is the other process.
func replayIfAsked() {
	n, err := strconv.Atoi(os.Getenv(asReplayer))
	if err != nil {
		return
	}
	labs := systems.All()
	words := world.Vocabulary(labs)
	w := virtual.New()
	for _, s := range labs.Systems() {
		for i := range s.Variants {
			e := explore.New(s, &s.Variants[i], words, w, 0)
			for k := range n {
				e.Seed = uint64(k)
				script := e.Script(explore.Seed(lab.Draw(uint64(k), "replay")), explore.Options{Faults: 6, Least: 4})
				fmt.Println(came(fmt.Sprintf("%s/%s/%d", s.Name, s.Variants[i].Name, k), e.Run(script)))
			}
		}
	}
	os.Exit(0)
}

func came(name string, r world.Result) string {
	var text bytes.Buffer
	if err := history.Write(&text, r.Events); err != nil {
		panic(err)
	}
	effective := 0
	for _, f := range r.Record.Faults {
		if f.Effect != "" {
			effective++
		}
	}
	return strings.Join([]string{
		name, fmt.Sprintf("%x", sha256.Sum256(text.Bytes())),
		strconv.Itoa(len(r.Events)), strconv.Itoa(effective), string(r.Outcome),
	}, " ")
}
