package sensor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyRecord draws a record as sensors make them.
var anyRecord = rapid.Custom(func(t *rapid.T) record {
	name := rapid.StringMatching(`[a-z0-9_-]{1,64}`)
	return record{
		host:  name.Draw(t, "host"),
		epoch: rapid.IntRange(1, 1<<40).Draw(t, "epoch"),
		seq:   rapid.Int64Range(1, 1<<60).Draw(t, "seq"),
		line:  name.Draw(t, "name") + rapid.StringMatching(`( [0-9.]{1,6}){2} [0-9]{1,19}( [0-9:]{8})?`).Draw(t, "line"),
	}
})

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord.Draw(t, "record")
		back, err := parseRecord(r.String())
		require.NoError(t, err)
		require.Equal(t, r, back)
	})
}

// No damage makes one record into another: a torn line of digits is still a
// number, and Fig. 5 would take it for a reading.
func TestDamagedRecordIsRefused(t *testing.T) {
	text := record{host: "edge", epoch: 1, seq: 17, line: "paul 13.2 64.2 1612091235112730000"}.String()
	_, err := parseRecord(text)
	require.NoError(t, err)
	for i := range len(text) {
		_, err := parseRecord(text[:i])
		require.Error(t, err, "cut to %d bytes", i)
		_, err = parseRecord(text[i+1:])
		require.Error(t, err, "without the first %d bytes", i+1)
		for b := range 256 {
			damaged := []byte(text)
			damaged[i] = byte(b)
			if string(damaged) == text {
				continue
			}
			_, err := parseRecord(string(damaged))
			require.Error(t, err, "byte %d is %q", i, b)
		}
	}
}

// What is refused although its checksum is right.
func TestMalformedRecordIsRefused(t *testing.T) {
	reading := "paul 13.2 64.2 1612091235112730000"
	for name, r := range map[string]record{
		"no host":             {host: "", epoch: 1, seq: 1, line: reading},
		"epoch 0":             {host: "edge", epoch: 0, seq: 1, line: reading},
		"number 0":            {host: "edge", epoch: 1, seq: 0, line: reading},
		"three fields":        {host: "edge", epoch: 1, seq: 1, line: "paul 13.2 64.2"},
		"six fields":          {host: "edge", epoch: 1, seq: 1, line: reading + " 12:00:00 today"},
		"a path for a name":   {host: "edge", epoch: 1, seq: 1, line: "../x 13.2 64.2 1"},
		"no name":             {host: "edge", epoch: 1, seq: 1, line: " 13.2 64.2 1"},
		"a name in capitals":  {host: "edge", epoch: 1, seq: 1, line: "PAUL 13.2 64.2 1"},
		"a name of 65":        {host: "edge", epoch: 1, seq: 1, line: strings.Repeat("p", 65) + " 13.2 64.2 1"},
		"a line in a host":    {host: "edge\n", epoch: 1, seq: 1, line: reading},
		"a line in a reading": {host: "edge", epoch: 1, seq: 1, line: "paul 13.2\n 64.2 1"},
		"no text":             {host: "edge", epoch: 1, seq: 1, line: "paul \xff 64.2 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseRecord(r.String())
			require.ErrorIs(t, err, errNotARecord)
		})
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add("")
	f.Add("paul 13.2 64.2 1612091235112730000")
	f.Add(record{host: "edge", epoch: 1, seq: 17, line: "paul 13.2 64.2 1612091235112730000"}.String())
	f.Add(record{host: "edge2", epoch: 1, seq: 1, line: "paul 13.2 64.2 1612091235112730000 12:00:35"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRecord(text)
		if err != nil {
			return
		}
		require.Equal(t, text, r.String())
		require.NotContains(t, text, "\n")
		require.Regexp(t, `^server-[a-z0-9_-]{1,64}\.log$`, serverFile(r.name()))
	})
}
