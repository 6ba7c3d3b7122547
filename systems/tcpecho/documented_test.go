package tcpecho

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
)

const welcomed = "Welcome to TCP Server! Your address: ('client', 32768)|"

// What the document's server says and prints, in its words. A client that sends
// no frames gets the same from the hardened one.
func TestDocumentedConversations(t *testing.T) {
	const received = "Received from ('client', 32768): "
	for _, test := range []struct {
		name   string
		pieces []string
		heard  string
		lines  []string
	}{
		{"a text", []string{"Hello, Server!"}, "ECHO: Hello, Server!", []string{received + "Hello, Server!"}},
		{"a line", []string{" Hello\r\n"}, "ECHO: Hello", []string{received + "Hello"}},
		{"a blank one", []string{" \x1c"}, "ECHO: ", []string{received}},
		{"the time", []string{"Time\n"}, "ECHO: Time|Server time: 2000-01-01 00:00:00", []string{received + "Time"}},
		{"two in one", []string{"onetime"}, "ECHO: onetime", []string{received + "onetime"}},
		{
			"one in two",
			[]string{strings.Repeat("x", 1500)},
			"ECHO: " + strings.Repeat("x", 1024) + "|ECHO: " + strings.Repeat("x", 476),
			[]string{received + strings.Repeat("x", 1024), received + strings.Repeat("x", 476)},
		},
		{"exit", []string{"EXIT", "ignored"}, "ECHO: EXIT|Goodbye!|.", []string{received + "EXIT", "Connection with ('client', 32768) closed"}},
		{
			"half an é",
			[]string{strings.Repeat("x", 1023) + "é"},
			".",
			[]string{"Error with ('client', 32768): 'utf-8' codec can't decode byte 0xc3 in position 1023: unexpected end of data", "Connection with ('client', 32768) closed"},
		},
	} {
		for _, v := range []lab.Variant{original(), hardened()} {
			t.Run(test.name+" "+v.Name, func(t *testing.T) {
				var heard []string
				result := worldtest.InPlaceOfClient(t, System(), v, "", func(ctx context.Context, env lab.Env) (err error) {
					heard, err = shout(ctx, env, test.pieces...)
					return err
				})
				require.Equal(t, welcomed+test.heard, strings.Join(heard, "|"))
				lines := append([]string{"TCP Server started on server:8888", "New connection from ('client', 32768)"}, test.lines...)
				require.Equal(t, lines, printed(result)[:len(lines)])
			})
		}
	}
}

// The client of the document, against the hardened server.
func TestTheDocumentsClientIsServed(t *testing.T) {
	v := hardened()
	v.Roles["client"] = runProgram
	result := worldtest.InPlaceOfClient(t, System(), v, "workload payload=text\n", runProgram)
	require.Equal(t, 5, result.Counts.Acknowledged)
}

// As "b'…'.decode('utf-8')" of Python 3 says it.
func TestDecodeFailsInPythonsWords(t *testing.T) {
	const codec = "'utf-8' codec can't decode "
	for bytes, why := range map[string]string{
		"":                      "",
		"é€😀":                   "",
		"\xff":                  codec + "byte 0xff in position 0: invalid start byte",
		"a\x80":                 codec + "byte 0x80 in position 1: invalid start byte",
		"ab\xc3":                codec + "byte 0xc3 in position 2: unexpected end of data",
		"\xc3(":                 codec + "byte 0xc3 in position 0: invalid continuation byte",
		"é\xe2\x82":             codec + "bytes in position 2-3: unexpected end of data",
		"\xe2\x82(":             codec + "bytes in position 0-1: invalid continuation byte",
		"\xf0\x9f\x98":          codec + "bytes in position 0-2: unexpected end of data",
		"\xf0\x9f\x98\xff":      codec + "bytes in position 0-2: invalid continuation byte",
		"\xc0\xaf":              codec + "byte 0xc0 in position 0: invalid start byte",
		"\xe0\x80\x80":          codec + "byte 0xe0 in position 0: invalid continuation byte",
		"\xed\xa0\x80":          codec + "byte 0xed in position 0: invalid continuation byte",
		"\xf5\x80\x80\x80":      codec + "byte 0xf5 in position 0: invalid start byte",
		"\xf4\x90\x80\x80":      codec + "byte 0xf4 in position 0: invalid continuation byte",
		"\uFFFD is a character": "",
	} {
		text, err := decode([]byte(bytes))
		if why == "" {
			require.NoError(t, err, "%q", bytes)
			require.Equal(t, bytes, text)
			continue
		}
		require.EqualError(t, err, why, "%q", bytes)
	}
}
