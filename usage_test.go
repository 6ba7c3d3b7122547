package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
)

const quiet = "system fragile\n\nexpect original violates no-duplicates\n"

func TestUsage(t *testing.T) {
	good := scriptFile(t, "good.scenario", quiet)
	bad := scriptFile(t, "bad.scenario", "system fragile\n\nat 1s kill wirter\n")
	virtual := scriptFile(t, "virtual.scenario", "system fragile\nworld virtual\n")
	for name, test := range map[string]struct {
		args []string
		code int
		want string // in what it prints
	}{
		"nothing":                {nil, exitUsage, "usage: faultlab COMMAND"},
		"help":                   {[]string{"help"}, exitOK, "faultlab run sensor/"},
		"help of a command":      {[]string{"help", "run"}, exitOK, "-variant"},
		"help of no command":     {[]string{"help", "rum"}, exitUsage, `unknown command "rum"`},
		"-h":                     {[]string{"-h"}, exitOK, "usage: faultlab COMMAND"},
		"run -h":                 {[]string{"run", "-h"}, exitOK, "Exit codes: 0 all as expected"},
		"check -h":               {[]string{"check", "-h"}, exitOK, "usage: faultlab check DIR"},
		"unknown command":        {[]string{"rnu"}, exitUsage, `unknown command "rnu"`},
		"unknown flag":           {[]string{"run", "-wrld", "live"}, exitUsage, "faultlab run -h"},
		"unknown world":          {[]string{"run", "-world", "real"}, exitUsage, "none of live, virtual, both"},
		"seed no number":         {[]string{"run", "-seed", "x"}, exitUsage, "-seed"},
		"api to the network":     {[]string{"run", "-api", "0.0.0.0:8474", good}, exitUsage, "no loopback address"},
		"api for no live run":    {[]string{"run", "-api", "127.0.0.1:8474", "-world", "virtual", good}, exitUsage, "live runs only"},
		"unknown scenario":       {[]string{"run", "sensor/quite"}, exitUsage, "did you mean sensor/quiet?"},
		"unknown last part":      {[]string{"run", "quite"}, exitUsage, "did you mean quiet?"},
		"unknown lab":            {[]string{"run", "sensr"}, exitUsage, "did you mean sensor?"},
		"nothing like it":        {[]string{"run", "xyzzy-plugh"}, exitUsage, "`faultlab list` shows all"},
		"no such file":           {[]string{"run", "none.scenario"}, exitUsage, "none.scenario"},
		"a folder":               {[]string{"run", t.TempDir()}, exitUsage, "is a folder"},
		"a lab without scripts":  {[]string{"run", "fragile"}, exitUsage, "name the file of one"},
		"unknown variant":        {[]string{"run", "-variant", "naive", good}, exitUsage, "it has original, hardened"},
		"live, but virtual only": {[]string{"run", "-world", "live", virtual}, exitUsage, "only the virtual world can do"},
		"a script with an error": {[]string{"run", good, bad}, exitUsage, `bad.scenario:3:12: unknown node "wirter"`},
		"check without folder":   {[]string{"check"}, exitUsage, "takes one folder"},
		"check of nothing":       {[]string{"check", t.TempDir()}, exitUsage, "no saved runs"},
		"check of no folder":     {[]string{"check", "none"}, exitUsage, "none"},
		"fmt without file":       {[]string{"fmt"}, exitUsage, "takes the files"},
		"fmt with an error":      {[]string{"fmt", bad}, exitUsage, "bad.scenario:3:12"},
		"list with argument":     {[]string{"list", "sensor"}, exitUsage, "takes no arguments"},
		"list":                   {[]string{"list"}, exitOK, "sensor/quiet"},
		"demo -h":                {[]string{"demo", "-h"}, exitOK, "-no-browser"},
		"demo with argument":     {[]string{"demo", "sensor"}, exitUsage, "takes no arguments"},
		"demo to the network":    {[]string{"demo", "-addr", "0.0.0.0:8484"}, exitUsage, "no loopback address"},
		"demo on no port":        {[]string{"demo", "-addr", "127.0.0.1"}, exitUsage, "no loopback address"},
		"version":                {[]string{"version"}, exitOK, "toxiproxy"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			code, out, err := faultlab(t, test.args...)
			require.Equal(t, test.code, code, out+err)
			require.Contains(t, out+err, test.want)
			require.NotEmpty(t, map[bool]string{true: out, false: err}[code == exitOK], "help goes to standard output, complaints to standard error")
			entries, errDir := os.ReadDir(dir)
			require.NoError(t, errDir)
			require.Empty(t, entries, "nothing was run, so nothing is saved")
		})
	}
}

func TestFmt(t *testing.T) {
	file := scriptFile(t, "loose.scenario", "system   fragile\nworkload   entries=5\nexpect hardened   holds no-loss\n")
	code, out, err := faultlab(t, "fmt", file)
	require.Equal(t, exitOK, code, err)
	code, _, err = faultlab(t, "fmt", "-w", file)
	require.Equal(t, exitOK, code, err)
	text, errRead := os.ReadFile(file)
	require.NoError(t, errRead)
	require.Equal(t, out, string(text))
	require.Contains(t, out, "workload entries=5")
}

// A scenario can be named in several ways, and is run once.
func TestScripts(t *testing.T) {
	file := scriptFile(t, "mine.scenario", quiet)
	other := filepath.Join(t.TempDir(), "mine.scenario")
	require.NoError(t, os.WriteFile(other, []byte(quiet), 0o644))
	c := command{labs: testLabs(), words: world.Vocabulary(testLabs())}
	names := func(args ...string) (names []string) {
		scripts, err := c.scripts(args)
		require.NoError(t, err)
		for _, s := range scripts {
			names = append(names, s.Name)
		}
		return names
	}
	require.Equal(t, []string{"sensor/torn-tail"}, names("sensor/torn-tail"))
	require.Equal(t, []string{"sensor/torn-tail"}, names("torn-tail", "sensor/torn-tail"))
	require.Equal(t, []string{"fragile/mine"}, names(file))
	require.Subset(t, names(), names("sensor"))

	_, err := c.scripts([]string{file, other})
	require.ErrorContains(t, err, "both be saved as fragile/mine")
}
