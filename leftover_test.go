//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	psnet "github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"

	"faultlab/reports"
)

// child is the command in a process of its own. All processes that it starts
// have its temporary folder in their environment, and are known by that.
type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	temp   string
	out    string
	table  bytes.Buffer // its standard output
	stderr *bufio.Scanner
	said   []string // what it wrote to its standard error
}

// startChild starts `faultlab run` on a script.
func startChild(t *testing.T, temp, limit, script string, args ...string) *child {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := &child{t: t, temp: temp, out: t.TempDir()}
	args = append([]string{"run", "-out", c.out}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel) // and one that does not end fails
	c.cmd = exec.CommandContext(ctx, self, append(args, scriptFile(t, "mine.scenario", script))...)
	c.cmd.Env = append(os.Environ(), asCommand+"="+limit, "TMPDIR="+c.temp)
	c.cmd.Stdout = &c.table
	stderr, err := c.cmd.StderrPipe()
	require.NoError(t, err)
	c.stderr = bufio.NewScanner(stderr)
	require.NoError(t, c.cmd.Start())
	return c
}

// reads reads what the child says up to a line with that text in it.
func (c *child) reads(text string) {
	c.t.Helper()
	for c.stderr.Scan() {
		c.said = append(c.said, c.stderr.Text())
		if strings.Contains(c.stderr.Text(), text) {
			return
		}
	}
	require.Fail(c.t, "the command ended too early", "%v", c.said)
}

// ends waits for the end of the child and tells its exit code; -1 is a signal.
func (c *child) ends() int {
	for c.stderr.Scan() {
		c.said = append(c.said, c.stderr.Text())
	}
	_ = c.cmd.Wait() // the code says it all
	return c.cmd.ProcessState.ExitCode()
}

// processes lists the child and what it started.
func (c *child) processes() []int32 {
	all, err := process.Pids()
	require.NoError(c.t, err)
	return slices.DeleteFunc(all, func(pid int32) bool {
		p := process.Process{Pid: pid}
		env, err := p.Environ()
		return err != nil || !slices.Contains(env, "TMPDIR="+c.temp) // it belongs to others, or has just ended
	})
}

// listening lists the addresses on which they listen.
func (c *child) listening() (at []string) {
	for _, pid := range c.processes() {
		open, _ := psnet.ConnectionsPid("tcp", pid) // fails if it has just ended
		for _, s := range open {
			if s.Status == "LISTEN" {
				at = append(at, net.JoinHostPort(s.Laddr.IP, fmt.Sprint(s.Laddr.Port)))
			}
		}
	}
	return at
}

func (c *child) files() []string {
	left, err := filepath.Glob(filepath.Join(c.temp, "*"))
	require.NoError(c.t, err)
	return left
}

// leavesNothing holds once the command is over, at once. The ports that its
// processes had open end with them, and may be another runner's by now.
func (c *child) leavesNothing() {
	c.t.Helper()
	require.Empty(c.t, c.processes(), "processes run on")
	require.Empty(c.t, c.files(), "files are left")
}

// TestNothingIsLeft runs scripts to their end in both worlds.
func TestNothingIsLeft(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		code   int
		says   string
	}{
		"success":         {"", exitOK, "2 as expected"},
		"differs":         {"expect hardened violates no-loss\n", exitDiffers, "2 with a verdict that differs"},
		"fails to start":  {"workload breaks=start\n", exitUnknown, "the port is rusted"},
		"panics":          {"workload breaks=panic\nsettle 20ms\n", exitUnknown, "the writer broke"},
		"panics far away": {"workload breaks=stray\nsettle 20ms\n", exitUnknown, "the stray broke"},
		"never ends":      {"workload breaks=spin\nsettle 20ms\n", exitUnknown, "did not end within 500ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startChild(t, t.TempDir(), "500ms", "system fragile\n"+test.script, "-variant", "hardened")
			require.Equal(t, test.code, c.ends(), c.said)
			c.leavesNothing()
			require.Contains(t, c.table.String(), test.says)
		})
	}
}

// slow is over at once in the virtual world, and takes minutes in the live one.
const slow = "system fragile\nworkload entries=2 every=5m\n"

// A run that a person interrupts ends at once, says so with its exit code, and
// keeps what had finished.
func TestInterrupted(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			c := startChild(t, t.TempDir(), "1m", slow, "-variant", "hardened")
			c.reads("fragile/mine hardened virtual")
			c.inTheMiddle()
			require.NoError(t, c.cmd.Process.Signal(signal))
			require.Equal(t, exitInterrupted, c.ends(), c.said)
			c.leavesNothing()

			require.Contains(t, strings.Join(c.said, "\n"), "interrupted: 1 of 2 runs had finished")
			var s reports.Summary
			text, err := os.ReadFile(filepath.Join(c.out, "summary.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &s))
			require.Equal(t, reports.Counts{Runs: 1, AsExpected: 1}, s.Counts)
			require.NoDirExists(t, filepath.Join(c.out, "fragile", "mine", "hardened", "live"))
		})
	}
}

// Nothing can clean up after SIGKILL but the processes themselves, busy or not,
// and the next run.
func TestKilled(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	c := startChild(t, temp, "1m", "system fragile\nworkload breaks=spin\nsettle 5m\n", "-variant", "hardened")
	c.inTheMiddle()
	require.NoError(t, c.cmd.Process.Kill())
	require.Equal(t, -1, c.ends())
	require.Eventually(t, func() bool { return len(c.processes()) == 0 }, time.Minute, time.Millisecond)
	require.Len(t, c.files(), 1, "the folder of the live run")

	next := startChild(t, temp, "1m", "system fragile\n", "-variant", "hardened", "-world", "live")
	require.Equal(t, exitOK, next.ends(), next.said)
	next.leavesNothing()
}

// inTheMiddle waits until a live run is in its middle: a node listens, and the
// proxy before it once the node is ready.
func (c *child) inTheMiddle() {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return len(c.listening()) >= 2 }, time.Minute, time.Millisecond)
}
