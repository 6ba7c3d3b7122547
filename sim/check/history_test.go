package check_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// lab is the topology of the tests: two clients, each with a way of its own to
// the service of its own, and a third that shares a machine with the first.
//
//	anna ──→ shop ──→ bank     anna and carl stand on one machine
//	bert ──→ pub
//	carl
var lab = check.Facts{
	Bound: 10 * time.Millisecond,
	Reads: []string{"get", "read", "write"},
	Links: []string{"anna->shop", "shop->bank", "bert->pub"},
	Hosts: map[string]string{"anna": "home", "carl": "home", "bert": "hut", "shop": "mall", "bank": "tower", "pub": "inn"},
}

// parse reads a history written for people, one event a line:
//
//	MILLISECONDS NODE KIND [SOURCE/SEQ] [FIELD=VALUE …]
//
// NODE is - for the world. A value ends at the next blank; _ stands for one.
func parse(t testing.TB, text string) []history.Event {
	t.Helper()
	var events []history.Event
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		ms, err := strconv.Atoi(words[0])
		require.NoError(t, err, line)
		e := history.Event{T: int64(ms) * int64(time.Millisecond), Kind: history.Kind(words[2])}
		require.Contains(t, history.Kinds, e.Kind, line)
		if words[1] != "-" {
			e.Node = words[1]
		}
		for _, word := range words[3:] {
			field, value, ok := strings.Cut(strings.ReplaceAll(word, "_", " "), "=")
			switch {
			case !ok:
				source, seq, _ := strings.Cut(word, "/")
				e.Source = source
				e.Seq, err = strconv.ParseInt(seq, 10, 64)
				require.NoError(t, err, line)
			case field == "op":
				e.Op = value
			case field == "id":
				e.ID = value
			case field == "source":
				e.Source = value
			case field == "value":
				e.Value = value
			case field == "link":
				e.Link = value
			case field == "detail":
				e.Detail = value
			default:
				t.Fatalf("no field %q: %s", field, line)
			}
		}
		events = append(events, e)
	}
	return events
}

// judgement is a history and what one checker must say of it.
type judgement struct {
	name    string
	history string
	owed    bool
	waits   bool
	want    check.Outcome
	count   int
	why     string
}

// judge runs a checker over a table.
func judge(t *testing.T, property string, table []judgement) {
	t.Helper()
	c, ok := check.Lookup(property)
	require.True(t, ok)
	seen := map[check.Outcome]bool{}
	for _, tc := range table {
		t.Run(tc.name, func(t *testing.T) {
			facts := lab
			facts.Owed, facts.Waits = tc.owed, tc.waits
			v := c.Judge(check.New(parse(t, tc.history), facts))
			require.Equal(t, property, v.Property)
			require.Equal(t, tc.want, v.Outcome, v.Why)
			require.Equal(t, tc.count, v.Count, v.Why)
			require.Len(t, v.Messages, v.Count)
			require.Equal(t, tc.why, v.Why)
		})
		seen[tc.want] = true
	}
	require.Len(t, seen, 3, "a checker must be seen to say holds, violated and unknown")
}
