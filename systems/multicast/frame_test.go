package multicast

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrame(t *testing.T) {
	f := frame{kind: kindMessage, sender: "a-name-of-16-byt", epoch: 1<<63 + 7, seq: 17, payload: []byte("Multicast message 16")}
	require.Len(t, f.sender, longestName)
	got, err := parseFrame(f.bytes())
	require.NoError(t, err)
	require.Equal(t, f, got)

	first, last, ok := f.want(3, 9).wanted()
	require.True(t, ok)
	require.EqualValues(t, []uint64{3, 9}, []uint64{first, last})
	_, _, ok = f.wanted()
	require.False(t, ok)
}

// Whatever is turned over or cut off, a frame is whole or none.
func TestFrameNoticesDamage(t *testing.T) {
	whole := frame{kind: kindMessage, sender: sender, epoch: 1, seq: 3, payload: []byte("Multicast message 2")}.bytes()
	for i := range whole {
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			_, err := parseFrame(damaged)
			require.ErrorIs(t, err, errNoFrame, "byte %d, bit %d", i, bit)
			require.False(t, isText(damaged), "it would be shown as the document's sender's")
		}
		_, err := parseFrame(whole[:i])
		require.ErrorIs(t, err, errNoFrame, "cut behind %d bytes", i)
	}
}

// FuzzParseFrame: what is read as a frame is one, down to the last bit.
func FuzzParseFrame(f *testing.F) {
	f.Add(frame{kind: kindHeartbeat, sender: sender, epoch: 1, seq: 1}.bytes())
	f.Add(frame{sender: sender}.want(1, 2).bytes())
	f.Add([]byte("Multicast message 0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := parseFrame(b); err == nil {
			require.Equal(t, b, got.bytes())
		}
	})
}
