package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// asCommand makes the test binary the command itself, for tests of what only a
// whole process shows. Its value is how much real time a virtual run may take.
const asCommand = "FAULTLAB_TEST_AS_COMMAND"

// The test binary is also what the command executes again, as a worker or as a
// node of a live run.
func TestMain(m *testing.M) {
	if limit, err := time.ParseDuration(os.Getenv(asCommand)); err == nil {
		os.Exit(start(testLabs(), limit))
	}
	live.RunIfNode(withEcho(testLabs()))
	workIfHired(withEcho(testLabs()))
	replayIfAsked()
	os.Exit(m.Run())
}

// soak says that the tests run at full length: make soak.
func soak() bool { return os.Getenv("FAULTLAB_SOAK") != "" }

// faultlab runs the command in this process.
func faultlab(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	return faultlabLimit(t, time.Minute, args...)
}

func faultlabLimit(t *testing.T, limit time.Duration, args ...string) (code int, out, err string) {
	t.Helper()
	var outBuf, errBuf bytes.Buffer
	c := command{labs: testLabs(), words: world.Vocabulary(testLabs()), out: &outBuf, err: &errBuf, limit: limit}
	code = c.dispatch(context.Background(), args)
	return code, outBuf.String(), errBuf.String()
}

// scriptFile writes a script to a file of that name.
func scriptFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	return file
}
