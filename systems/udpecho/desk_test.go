package udpecho

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func asks(seq uint64, said string) []byte {
	return frame{kind: kindAsk, client: "client", seq: seq, payload: []byte(said)}.bytes()
}

// TestDesk sends a server one datagram after the other. What is not handled is not
// in the log, and takes nothing from what is.
func TestDesk(t *testing.T) {
	foreign := frame{kind: kindEcho, client: "client", seq: 9}
	steps := []struct {
		name     string
		datagram []byte
		answer   string // kind and payload; nothing: there is none
	}{
		{"a message", asks(1, "one"), "2 UDP-ECHO: one"},
		{"the same again", asks(1, "one"), "2 UDP-ECHO: one"},
		{"its number, with another text", asks(1, "two"), "2 UDP-ECHO: one"},
		{"the next", asks(2, ""), "2 UDP-ECHO: "},
		{"a copy of an earlier one", asks(1, "one"), "4 message 1 of client came before; the next must be above 2"},
		{"no number", asks(0, "zero"), "4 message 0 of client came before; the next must be above 2"},
		{"a command", asks(7, "BINARY_TEST"), "3 \x00\x00\x00\x2a\x40\x48\xf5\xc3"},
		{"no text at all", asks(8, "\xff\x00"), "2 UDP-ECHO: \xff\x00"},
		{"the longest", asks(9, strings.Repeat("x", longest)), "2 UDP-ECHO: " + strings.Repeat("x", longest)},
		{"too long", asks(10, strings.Repeat("x", longest+1)), "4 a message has at most 1430 bytes, and this one 1431"},
		{"as long as a datagram can be", asks(10, strings.Repeat("x", 65507-head)), "4 a message has at most 1430 bytes, and this one 65475"},
		{"an answer", foreign.bytes(), ""},
		{"an unknown kind", frame{kind: 77, client: "client", seq: 11}.bytes(), ""},
		{"half a frame", asks(11, "eleven")[:20], ""},
		{"the number that was too long", asks(10, "ten"), "2 UDP-ECHO: ten"},
	}
	var got []string
	entries := inPlaceOfTheClient(t, hardened(), func(conn net.Conn) error {
		for _, step := range steps {
			replies, err := answers(conn, step.datagram)
			if err != nil {
				return err
			}
			answer := ""
			for _, b := range replies {
				f, err := parseFrame(b)
				if err != nil {
					return err
				}
				answer += string(rune('0'+f.kind)) + " " + string(f.payload)
			}
			got = append(got, answer)
		}
		return nil
	})
	require.Len(t, got, len(steps))
	for i, step := range steps {
		require.Equal(t, step.answer, got[i], step.name)
	}
	var handled []int64
	for _, e := range entries {
		handled = append(handled, e.Seq)
	}
	require.Equal(t, []int64{1, 2, 7, 8, 9, 10}, handled)
}

// The document's own client finds what it knows, at either server.
func TestDocumentedClientIsAnswered(t *testing.T) {
	for _, variant := range System().Variants {
		t.Run(variant.Name, func(t *testing.T) {
			var got []string
			inPlaceOfTheClient(t, variant, func(conn net.Conn) error {
				for _, said := range []string{"Hello UDP!", "BINARY_TEST", ""} {
					replies, err := answers(conn, []byte(said))
					if err != nil {
						return err
					}
					for _, b := range replies {
						got = append(got, string(b))
					}
				}
				return nil
			})
			require.Equal(t, []string{"UDP-ECHO: Hello UDP!", "UDP-ECHO: BINARY_TEST", "\x2a\x00\x00\x00\xc3\xf5\x48\x40", "UDP-ECHO: "}, got)
		})
	}
}

// FuzzDesk: after whatever datagram, a server goes on and has lost nothing.
func FuzzDesk(f *testing.F) {
	f.Add(asks(3, "three"))
	f.Add(asks(1<<63, "far"))
	f.Add([]byte("BINARY_TEST"))
	f.Add([]byte{mark})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 65507 {
			t.Skip("no datagram is that long")
		}
		var last [][]byte
		entries := inPlaceOfTheClient(t, hardened(), func(conn net.Conn) error {
			other := frame{kind: kindAsk, client: "other", seq: 1, payload: []byte("before")}
			for _, datagram := range [][]byte{other.bytes(), b, other.bytes()} {
				var err error
				if last, err = answers(conn, datagram); err != nil {
					return err
				}
			}
			return nil
		})
		require.Len(t, last, 1)
		require.NotEmpty(t, entries)
		require.Equal(t, "before", entries[0].Value)
	})
}
