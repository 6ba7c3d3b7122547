package udpecho

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrame(t *testing.T) {
	f := frame{kind: kindNumbers, client: "a-name-of-16-byt", seq: 1<<63 + 7, payload: []byte("\xff\x00text")}
	require.Len(t, f.client, longestName)
	got, err := parseFrame(f.bytes())
	require.NoError(t, err)
	require.Equal(t, f, got)

	// As it stands in the picture.
	require.Equal(t, []byte("\xff\x01\x00\x02client\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x11"),
		frame{kind: kindAsk, client: "client", seq: 17, payload: []byte("hi")}.bytes()[:28])
}

// Whatever is turned over or cut off, a frame is whole or none.
func TestFrameNoticesDamage(t *testing.T) {
	whole := frame{kind: kindAsk, client: "client", seq: 3, payload: []byte("Hello UDP! client/3")}.bytes()
	for i := range whole {
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			_, err := parseFrame(damaged)
			require.Error(t, err, "byte %d, bit %d", i, bit)
			require.False(t, isText(damaged), "it would be answered as the document's client")
		}
		_, err := parseFrame(whole[:i])
		require.Error(t, err, "cut behind %d bytes", i)
	}
	_, err := parseFrame(append(whole, 0))
	require.ErrorIs(t, err, errDamaged)
}

// A client's name has one form, or a copy would be another client's message.
func TestFrameRefusesNamesWithZeros(t *testing.T) {
	for _, name := range []string{"", "a\x00b", "\x00a"} {
		_, err := parseFrame(frame{kind: kindAsk, client: name, seq: 1}.bytes())
		require.ErrorIs(t, err, errDamaged, "%q", name)
	}
}

// The longest message and the answer to it pass Ethernet in one piece.
func TestLongestFits(t *testing.T) {
	ask := frame{kind: kindAsk, client: "client", seq: 1, payload: []byte(strings.Repeat("x", longest))}
	require.LessOrEqual(t, len(ask.bytes()), mtu)
	require.Len(t, answerTo(ask).bytes(), mtu)
}

// FuzzParseFrame: what is read as a frame is one, down to the last bit.
func FuzzParseFrame(f *testing.F) {
	f.Add(frame{kind: kindAsk, client: "client", seq: 1, payload: []byte("hi")}.bytes())
	f.Add([]byte("Hello UDP!"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := parseFrame(b); err == nil {
			require.Equal(t, b, got.bytes())
		}
	})
}
