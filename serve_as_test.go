//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
)

// sitter is a `faultlab serve -as`, and the person in front of it.
type sitter struct {
	*child
	at       map[string]string // where each proxy is, and the API
	keyboard io.WriteCloser
	screen   *bufio.Reader
}

// sit sits down at a node, and waits until others can dial it.
func sit(t *testing.T, node string, args ...string) *sitter {
	t.Helper()
	s := &sitter{child: newServe(t, append([]string{"-as", node}, args...)...)}
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	s.screen = bufio.NewReader(out)
	said, err := s.cmd.StderrPipe()
	require.NoError(t, err)
	s.stderr = bufio.NewScanner(said)
	s.keyboard, err = s.cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, s.cmd.Start())
	s.at = s.isUp()
	if way := s.at["client->"+node]; way != "" {
		require.Eventually(t, func() bool { // the welcome comes before the node
			conn, err := net.Dial("tcp", way)
			return err == nil && conn.Close() == nil
		}, time.Minute, time.Millisecond)
	}
	return s
}

func (s *sitter) types(text string) {
	s.t.Helper()
	_, err := io.WriteString(s.keyboard, text)
	require.NoError(s.t, err)
}

// sees compares what shows next on the screen.
func (s *sitter) sees(text string) {
	s.t.Helper()
	shown := make([]byte, len(text))
	n, err := io.ReadFull(s.screen, shown)
	require.Equal(s.t, text, string(shown[:n]))
	require.NoError(s.t, err)
}

// freeAddr is a loopback address on which nobody listens.
func freeAddr(t *testing.T) (addr, port string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	_, port, err = net.SplitHostPort(ln.Addr().String())
	require.NoError(t, err)
	return ln.Addr().String(), port
}

// Two people talk from two terminals, also while the way between them is bad.
// Both leave the control API's place to chance: one at most gets the first.
func TestServeTwoPeople(t *testing.T) {
	t.Parallel()
	annAt, annPort := freeAddr(t)
	bobAt, bobPort := freeAddr(t)
	ann := sit(t, "ann", "-port", "7101="+annPort, "-to", "bob="+bobAt, "talk/original")
	require.Equal(t, annAt, ann.at["client->ann"])
	ann.sees("> ")
	ann.types("anyone?\n")
	ann.sees("nobody there\n> ")

	bob := sit(t, "bob", "-port", "7102="+bobPort, "-to", "ann="+annAt, "talk/original")
	bob.sees("> ")
	require.NotEqual(t, ann.at["api"], bob.at["api"])
	ann.types("hello\n")
	ann.sees("heard\n> ")
	bob.sees("ann: hello\n")
	bob.types("oh, it is you\n")
	bob.sees("heard\n> ")
	ann.sees("bob: oh, it is you\n")

	// What reaches bob is his to break: her line comes, his answer does not.
	toxics := "http://" + bob.at["api"] + "/proxies/client-%3Ebob/toxics"
	status, answer, err := post(toxics, `{"name": "cut", "type": "limit_data", "attributes": {"bytes": 0}}`)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
	ann.types("who else?\n")
	ann.sees("no answer\n> ")
	bob.sees("ann: who else?\n")
	mend, err := http.NewRequest(http.MethodDelete, toxics+"/cut", nil)
	require.NoError(t, err)
	mended, err := http.DefaultClient.Do(mend)
	require.NoError(t, err)
	require.NoError(t, mended.Body.Close())
	require.Equal(t, http.StatusNoContent, mended.StatusCode)
	ann.types("bye\n")
	ann.sees("heard\n> ")
	bob.sees("ann: bye\n")

	require.NoError(t, ann.keyboard.Close(), "Ctrl-D")
	require.Equal(t, exitOK, ann.ends(), ann.said)
	ann.leavesNothing()
	bob.types("bye\n")
	bob.sees("nobody there\n> ")
	require.NoError(t, bob.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, exitOK, bob.ends(), bob.said)
	bob.leavesNothing()
}

// The client is the document's: it asks for one name, and ends.
func TestServeGreetsAPerson(t *testing.T) {
	t.Parallel()
	server, at := startServe(t, "-port", "50051=0", "-param", "clients=2", "greeting/original")
	require.Contains(t, strings.Join(server.said, "\n"), "\n  faultlab serve -as client2 greeting/original\n")
	for _, node := range []string{"client", "client2"} {
		s := sit(t, node, "-param", "clients=2", "-to", "server="+at["client->server"], "greeting/original")
		require.Empty(t, s.at, "nobody dials a client: there is no proxy, and nothing to control")
		s.sees("What's your name? ")
		s.types("Paul\n")
		s.sees("Server response: Hello, Paul!\n")
		require.Equal(t, exitOK, s.ends(), s.said)
		s.leavesNothing()
		server.reads("server | Paul")
	}
	require.NoError(t, server.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, exitOK, server.ends(), server.said)

	alone := sit(t, "client", "-to", "server="+at["client->server"], "greeting/original")
	alone.types("Paul\n")
	require.Equal(t, exitUnknown, alone.ends(), alone.said)
	require.Contains(t, strings.Join(alone.said, "\n"), "no greeting came")
	alone.leavesNothing()

	silent := sit(t, "client", "greeting")
	silent.sees("What's your name? ")
	require.NoError(t, silent.keyboard.Close())
	require.Equal(t, exitOK, silent.ends(), silent.said)
	silent.leavesNothing()
}

// However a person's node or its runner dies, the other goes with it.
func TestServeDeathAtTheTable(t *testing.T) {
	for name, test := range map[string]struct {
		dies func(*sitter)
		code int
		says string
	}{
		"a panic":   {func(s *sitter) { s.types("panic\n") }, exitUnknown, "at a loss for words"},
		"a kill":    {func(s *sitter) { s.killNode() }, exitUnknown, "node ann crashed (signal: killed)"},
		"SIGTERM":   {func(s *sitter) { s.cmd.Process.Signal(syscall.SIGTERM) }, exitOK, "Ctrl-C ends it"},
		"no runner": {func(s *sitter) { s.cmd.Process.Kill() }, -1, "Ctrl-C ends it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sit(t, "ann", "-port", "7101=0", "talk/original")
			s.sees("> ")
			test.dies(s)
			require.Equal(t, test.code, s.ends(), s.said)
			require.Contains(t, strings.Join(s.said, "\n"), test.says)
			require.Eventually(t, func() bool { return len(s.processes()) == 0 }, time.Minute, time.Millisecond)
		})
	}
}

func (s *sitter) killNode() {
	for _, pid := range s.processes() {
		p := process.Process{Pid: pid}
		if line, err := p.Cmdline(); err == nil && line == "faultlab-node ann" {
			require.NoError(s.t, p.Kill())
		}
	}
}
