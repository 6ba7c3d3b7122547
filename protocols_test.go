package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/protocols"
)

// TestProtocols: the virtual half of the table is the same in every run, and
// the one that is written down.
func TestProtocols(t *testing.T) {
	const golden = "sim/protocols/testdata/protocols.md"
	files := []string{"protocols.md", "protocols.json", "protocols.html"}
	var first map[string]string
	for range 2 {
		out := t.TempDir()
		code, printed, err := faultlab(t, "protocols", "-out", out)
		require.Equal(t, exitOK, code, err)
		require.Contains(t, printed, filepath.Join(out, "protocols.html"))
		have := map[string]string{}
		for _, name := range files {
			text, err := os.ReadFile(filepath.Join(out, name))
			require.NoError(t, err)
			have[name] = string(text)
		}
		if first == nil {
			first = have
		}
		require.Equal(t, first, have)
	}
	require.True(t, json.Valid([]byte(first["protocols.json"])))
	for _, address := range []string{"http://", "https://", "src=", "@import"} {
		require.NotContains(t, first["protocols.html"], address, "the page needs no other file")
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(first["protocols.md"]), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), first["protocols.md"], "if that is meant: go test -run TestProtocols . -update")
}

// TestProtocolsCells: the command behind each cell prints the figures that the
// table has.
func TestProtocolsCells(t *testing.T) {
	golden, err := os.ReadFile("sim/protocols/testdata/protocols.md")
	require.NoError(t, err)
	for _, name := range protocols.Names() {
		_, cell, _ := protocols.Lookup(name)
		command := "faultlab protocols -cell " + name
		require.Contains(t, string(golden), command)
		if protocols.BeginCell(cell).Left() {
			continue // it has live figures, which are others every time
		}
		if testing.Short() && !strings.HasSuffix(name, "/grpc") {
			continue
		}
		code, out, err := faultlab(t, strings.Fields(command)[1:]...)
		require.Equal(t, exitOK, code, err)
		figures := 0
		for line := range strings.Lines(out) {
			if figure, ok := strings.CutPrefix(strings.TrimSpace(line), "measured: "); ok {
				require.Contains(t, string(golden), figure+"<br>", name)
				figures++
			}
		}
		require.Positive(t, figures, out)
		require.Contains(t, out, cell.Probes[0].Script)
	}
}

func TestProtocolsLive(t *testing.T) {
	if defaultWorlds() != "both" || testing.Short() {
		t.Skip("this system has no live world, or it takes too many rounds there")
	}
	code, out, err := faultlab(t, "protocols", "-cell", "flow/tcp")
	require.Equal(t, exitOK, code, err)
	require.Regexp(t, `measured: before the writer waits: \d+ KiB \(\d+–\d+\)`, out)
}

// A cell whose run died has no figures, and is not passed over.
func TestProtocolsUnknown(t *testing.T) {
	code, out, err := faultlabLimit(t, 1, "protocols", "-cell", "order/tcp") // a nanosecond a run
	require.Equal(t, exitUnknown, code, err)
	require.Contains(t, out, "its run says nothing")
}

func TestProtocolsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, err strings.Builder
	c := command{labs: testLabs(), out: &out, err: &err, limit: 1 << 40}
	dir := filepath.Join(t.TempDir(), "out")
	require.Equal(t, exitInterrupted, c.dispatch(ctx, []string{"protocols", "-out", dir}))
	require.Contains(t, err.String(), "nothing was written")
	require.NoDirExists(t, dir)
}

func TestProtocolsUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"help":         {[]string{"-h"}, exitOK, "boundaries/tcp"},
		"argument":     {[]string{"setup/tcp"}, exitUsage, "did you mean -cell setup/tcp?"},
		"unknown cell": {[]string{"-cell", "setup/tpc"}, exitUsage, "did you mean setup/tcp?"},
		"no such cell": {[]string{"-cell", "beauty/grpc"}, exitUsage, "the cells are reliability/tcp"},
		"out of reach": {[]string{"-cell", "congestion/tcp"}, exitOK, "Not measurable here"},
		"unknown flag": {[]string{"-world", "live"}, exitUsage, "faultlab protocols -h"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, err := faultlab(t, append([]string{"protocols"}, test.args...)...)
			require.Equal(t, test.code, code, out+err)
			require.Contains(t, out+err, test.want)
		})
	}
}
