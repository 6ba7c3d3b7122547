package journal

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What is whole comes back, wherever the file was torn, and whatever stands
// behind the tear.
func TestPropertyUnframeGivesTheWholeRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(t, "records")
		var text []byte
		ends := []int{0}
		for _, r := range records {
			text = append(text, frame(r)...)
			ends = append(ends, len(text))
		}
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		whole := 0
		for whole+1 < len(ends) && ends[whole+1] <= cut {
			whole++
		}
		text = text[:cut]
		if cut > ends[whole] { // a torn one; else what follows could be a record
			text = append(text, rapid.SliceOfN(rapid.Just(byte(0)), 0, 64).Draw(t, "behind")...)
		}
		got, size := unframe(text)
		require.EqualValues(t, ends[whole], size)
		require.Len(t, got, whole)
		for i := range got {
			require.True(t, slices.Equal(records[i], got[i]))
		}
	})
}

func TestUnframeStopsAtWhatIsNoRecord(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"zeros":                 string(make([]byte, 100)),
		"no head":               "hello\n",
		"half a head":           "00000005 3610",
		"another checksum":      "00000005 3610a687 hello\n",
		"another length":        "00000004 3610a686 hell\n",
		"a length beyond":       "00000006 3610a686 hello\n",
		"an enormous length":    "ffffffff 3610a686 hello\n",
		"a length too long":     "100000005 3610a686 hello\n",
		"a negative length":     "-0000005 3610a686 hello\n",
		"capital digits":        "00000005 3610A686 hello\n",
		"no end of line":        "00000005 3610a686 hello",
		"no end, another after": "00000005 3610a686 hello00000005 3610a686 hello\n",
	} {
		t.Run(name, func(t *testing.T) {
			whole := string(frame([]byte("one")))
			records, size := unframe([]byte(whole + text))
			require.Equal(t, [][]byte{[]byte("one")}, records)
			require.EqualValues(t, len(whole), size)
		})
	}
}

func TestFrameIsReadable(t *testing.T) {
	require.Equal(t, "00000005 3610a686 hello\n", string(frame([]byte("hello"))))
}
