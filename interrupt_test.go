//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
)

// A run that a person interrupts ends at once, says so with its exit code, and
// keeps what had finished: here the virtual run, which takes no time, and not
// the live one, which takes minutes.
func TestInterrupt(t *testing.T) {
	out := t.TempDir()
	file := scriptFile(t, "slow.scenario", "system fragile\nworkload entries=2 every=5m\n")
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "run", "-out", out, file)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })

	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.Contains(lines.Text(), "fragile/slow hardened virtual") {
			require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
		}
	}
	var exit *exec.ExitError
	require.True(t, errors.As(cmd.Wait(), &exit))
	require.Equal(t, exitInterrupted, exit.ExitCode(), said)
	require.Contains(t, strings.Join(said, "\n"), "interrupted: 1 of 2 runs had finished")

	var s reports.Summary
	text, err := os.ReadFile(filepath.Join(out, "summary.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &s))
	require.Equal(t, reports.Counts{Runs: 1, AsExpected: 1}, s.Counts)
	require.NoDirExists(t, filepath.Join(out, "fragile", "slow", "hardened", "live"))
}
