//go:build unix

package live

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// at is the service of who sits at a node, and types that text.
func at(t *testing.T, node, types string) (s Service, screen *bytes.Buffer) {
	screen = new(bytes.Buffer)
	return Service{
		Options: Options{Temp: t.TempDir()}, Ports: anyPort(),
		As: node, In: strings.NewReader(types), Out: screen,
		Up:    func([]Place, string) { require.Empty(t, screen.String(), "the terminal is the node's by now") },
		Print: func(node, line string) { t.Errorf("%s printed %q past the terminal", node, line) },
		Ended: func(node, how string) { t.Errorf("told that %s ended: %s", node, how) },
	}, screen
}

func TestSeatedNodeHasTheTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"one line\n":            "",
		"a line\nan unfinished": "",
		"a line\nfail\n":        "it was told to fail",
	} {
		t.Run(text, func(t *testing.T) {
			s, screen := at(t, "store", text)
			err := Serve(t.Context(), specOf(t, "mirror", 1), s)
			if want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, want)
			}
			require.Equal(t, "? "+text+"\nthat was all\n", screen.String())
			requireNothingLeft(t, s.Temp)
		})
	}
}

// The end of a person's input alone does not end a node that reads none.
func TestSeatedNodeEndsWithTheContext(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	s, _ := at(t, "store", "")
	s.Out = writer(func(shown []byte) {
		require.True(t, strings.HasPrefix(string(shown), "at 127."))
		end()
	})
	require.NoError(t, Serve(ctx, specOf(t, "plain", 1), s))
	requireNothingLeft(t, s.Temp)
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}

// A link to another terminal has no proxy in this one, and nothing waits for it.
func TestSeatedNodeDialsOtherTerminals(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	heard := make(chan string)
	go func() {
		defer close(heard)
		for {
			conn, err := other.Accept()
			if err != nil {
				return
			}
			line := make([]byte, 2)
			_, _ = io.ReadFull(conn, line)
			_, _ = io.WriteString(conn, "ok\n")
			conn.Close()
			heard <- string(line)
		}
	}()
	s, _ := at(t, "client", "")
	s.To = map[string]string{"store": other.Addr().String()}
	s.Up = func(places []Place, api string) { require.Empty(t, places) }
	s.API = "nowhere" // nor is there anything to control
	spec := specOf(t, "plain", 1)
	done := make(chan error, 1)
	go func() {
		done <- Serve(t.Context(), spec, s)
		other.Close()
	}()
	for _, want := range []string{"1\n", "2\n", "3\n"} {
		if got, more := <-heard; more && got != want {
			t.Errorf("the other heard %q, not %q", got, want)
		}
	}
	for range heard { // the probe
	}
	require.NoError(t, <-done)
	requireNothingLeft(t, s.Temp)
}

func TestServeWithTheAPIElsewhere(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, elsewhere := range []bool{true, false} {
		ctx, end := context.WithCancel(t.Context())
		var at string
		s := Service{
			Options: Options{Temp: t.TempDir(), API: taken.Addr().String(), AnyAPI: elsewhere}, Ports: anyPort(),
			Up: func(_ []Place, api string) {
				at = api
				end()
			},
			Print: func(string, string) {},
		}
		err := Serve(ctx, specOf(t, "plain", 1), s)
		if elsewhere {
			require.NoError(t, err)
			require.NotEqual(t, s.API, at)
			require.NotEmpty(t, at)
		} else {
			require.ErrorContains(t, err, s.API)
		}
		end()
		requireNothingLeft(t, s.Temp)
	}
}
