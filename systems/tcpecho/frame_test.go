package tcpecho

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// However a stream is sliced, the frames that went in come out.
func TestFramesComeOutWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 3, 3)
		var sent []frame
		var stream []byte
		for seq := range rapid.Int64Range(0, 5).Draw(t, "frames") {
			fields := texts.Draw(t, "fields")
			f := frame{
				Kind: kind(rapid.Byte().Draw(t, "kind")), Seq: seq - 1,
				Client: string(fields[0]), Text: string(fields[1]), More: string(fields[2]),
			}
			sent, stream = append(sent, f), append(stream, f.encode()...)
		}
		in := iotest.OneByteReader(bytes.NewReader(stream))
		for _, f := range sent {
			came, err := readFrame(in)
			if err != nil || came != f {
				t.Fatalf("%+v came as %+v: %v", f, came, err)
			}
		}
		if _, err := readFrame(in); err != io.EOF {
			t.Fatalf("behind the last: %v", err)
		}
	})
}

func TestReadFrameRefusesWhatIsNone(t *testing.T) {
	whole := string(frame{Kind: ask, Seq: 1, Client: "eve", Text: "hello"}.encode())
	for name, test := range map[string]struct {
		stream string
		err    string
	}{
		"half a length":       {whole[:2], "unexpected EOF"},
		"a length alone":      {whole[:4], "unexpected EOF"},
		"half a body":         {whole[:len(whole)-1], "unexpected EOF"},
		"a length too long":   {"\x7f\xff\xff\xff" + whole, "a frame of 2147483647 bytes is too long; 66560 is the most"},
		"no body":             {"\x00\x00\x00\x00", "that is no frame"},
		"a field too long":    {strings.Replace(whole, "\x03eve", "\x7feve", 1), "that is no frame"},
		"a field without end": {"\x00\x00\x00\x0b\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00", "that is no frame"},
		"a field too many":    {"\x00\x00\x00\x16" + strings.Repeat("\x00", 22), "that is no frame"},
	} {
		_, err := readFrame(strings.NewReader(test.stream))
		require.EqualError(t, err, test.err, name)
	}
}

// What can be read can be written, and is the same bytes then: a frame has one
// form, and a record of the journal is one that the server can read again.
func FuzzParseFrame(f *testing.F) {
	f.Add(frame{Kind: ask, Seq: 1, Client: "eve", Text: "hello"}.body())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		if parsed, err := parseFrame(body); err == nil {
			require.Equal(t, body, parsed.body())
		}
	})
}
