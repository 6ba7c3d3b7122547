package tcpecho

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// asking is the frame with which eve sends a text.
func asking(seq int64, said string) string {
	return string(frame{Kind: ask, Seq: seq, Client: "eve", Text: said}.encode())
}

// heardIn lists the frames of what was heard, up to the first thing that is none.
func heardIn(reads []string) []string {
	var said []string
	heard := strings.Join(reads, "")
	for {
		begin := strings.IndexByte(heard, 0)
		if begin < 0 {
			return said
		}
		in := strings.NewReader(heard[begin:])
		f, err := readFrame(in)
		if err != nil {
			return append(said, err.Error())
		}
		heard = heard[len(heard)-in.Len():]
		said = append(said, strings.TrimSpace(fmt.Sprintf("%d/%d %s %s", f.Kind, f.Seq, f.Text, f.More)))
	}
}

// Each number is handled once, and no other.
func TestHardenedServerKnowsNumbers(t *testing.T) {
	for name, faults := range map[string]string{
		"calm":             "",
		"the server dies":  "every 90ms times 10 kill server for 10ms\n",
		"the power fails":  "every 90ms times 10 powercut server for 10ms\n",
		"appends are torn": "every 90ms times 10 tear server for 10ms\n",
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			result := worldtest.InPlaceOfClient(t, System(), hardened(), faults, func(ctx context.Context, env lab.Env) error {
				for _, f := range []string{
					asking(1, "one"),
					asking(1, "one"),
					asking(1, "other"),
					asking(7, "time"),
					asking(3, "late"),
					asking(7, "time"),
					asking(8, "\xff"),
				} {
					said = append(said, insist(ctx, env, f))
				}
				return nil
			})
			require.Equal(t, []string{
				"2/1 ECHO: one",
				"2/1 ECHO: one",
				"4/1 number 1 is of another text, or long past",
				"2/7 ECHO: time Server time: 2000-01-01 00:00:00",
				"4/3 number 3 is of another text, or long past",
				"2/7 ECHO: time Server time: 2000-01-01 00:00:00",
				"2/8 ECHO: \xff",
			}, said)
			require.Equal(t, []string{"one", "time", `"\xff"`}, labtest.Values(result.Events, history.Final))
		})
	}
}

// insist sends a frame until an answer comes to it.
func insist(ctx context.Context, env lab.Env, asked string) string {
	why := "nothing was tried"
	for range 50 {
		heard, err := shout(ctx, env, asked)
		if said := heardIn(heard); err == nil && len(said) == 1 && !strings.HasPrefix(said[0], "3/") {
			return said[0]
		}
		why = fmt.Sprintf("%q %v", heard, err)
		time.Sleep(5 * time.Millisecond) // virtual
	}
	return why
}

// Whatever is sent between two texts of a client, they are handled, and nothing
// is handled besides.
func TestHardenedServerStandsOddRequests(t *testing.T) {
	odd := func(f frame) string { return string(f.encode()) }
	for name, test := range map[string]struct {
		sent  string
		heard []string
	}{
		"nothing":               {"", nil},
		"half a frame":          {asking(5, "x")[:9], nil},
		"a frame without end":   {"\x00\xff\xff\xff" + strings.Repeat("x", 100), nil},
		"no frame":              {"\x00\x00\x00\x00", nil},
		"an unknown kind":       {odd(frame{Kind: 99, Seq: 5, Client: "eve"}), nil},
		"an answer":             {odd(frame{Kind: done, Seq: 5, Client: "eve"}), nil},
		"number 0":              {asking(0, "x"), nil},
		"a negative number":     {asking(math.MinInt64, "x"), nil},
		"nobody's":              {odd(frame{Kind: ask, Seq: 5}), nil},
		"a name of no text":     {odd(frame{Kind: ask, Seq: 5, Client: "\xff"}), nil},
		"a name without end":    {odd(frame{Kind: ask, Seq: 5, Client: strings.Repeat("e", longestName+1)}), nil},
		"a text too long":       {asking(5, strings.Repeat("x", largestText+1)), nil},
		"more than asked":       {odd(frame{Kind: ask, Seq: 5, Client: "eve", Text: "x", More: "y"}), nil},
		"a copy":                {asking(1, "one"), []string{"2/1 ECHO: one"}},
		"copies in one":         {asking(1, "one") + asking(1, "one"), []string{"2/1 ECHO: one", "2/1 ECHO: one"}},
		"a copy, then nonsense": {asking(1, "one") + "\x00\x00\x00\x00", []string{"2/1 ECHO: one"}},
	} {
		t.Run(name, func(t *testing.T) {
			var first, next string
			var heard []string
			result := worldtest.InPlaceOfClient(t, System(), hardened(), "", func(ctx context.Context, env lab.Env) error {
				first = insist(ctx, env, asking(1, "one"))
				said, err := shout(ctx, env, test.sent)
				heard = heardIn(said)
				next = insist(ctx, env, asking(2, "two"))
				return err
			})
			require.Equal(t, []string{"2/1 ECHO: one", "2/2 ECHO: two"}, []string{first, next})
			require.Equal(t, test.heard, heard)
			require.Equal(t, []string{"one", "two"}, labtest.Values(result.Events, history.Final))
		})
	}
}

// The largest text is one; and a whole burst of them is kept for their copies.
func TestTheLargestTexts(t *testing.T) {
	said := strings.Repeat("x", largestText)
	var heard []string
	result := worldtest.InPlaceOfClient(t, System(), hardened(), "", func(ctx context.Context, env lab.Env) error {
		for range 2 {
			for seq := range int64(window) {
				heard = append(heard, insist(ctx, env, asking(seq+1, said)))
			}
		}
		return nil
	})
	for i, h := range heard {
		require.True(t, h == fmt.Sprintf("2/%d ECHO: %s", i%window+1, said), "%.100q", h)
	}
	require.Len(t, heard, 2*window)
	require.Len(t, labtest.Values(result.Events, history.Final), window)
}

// A client that sends and does not read is held up, and nobody else is; and
// nothing is kept for it that it does not take.
func TestADeadReader(t *testing.T) {
	for _, v := range []func() lab.Variant{original, hardened} {
		t.Run(v().Name, func(t *testing.T) {
			labtest.TakesNoMemory(t, 1000, func(texts int) uint64 { return heapBeside(t, v(), texts) })
		})
	}
}

// heapBeside is how much memory a run holds while a client wants to send so many
// texts, reads no answer, and another client is served.
func heapBeside(t *testing.T, v lab.Variant, texts int) uint64 {
	t.Helper()
	var heap uint64
	result := worldtest.InPlaceOfClient(t, System(), v, "workload clients=2 payload=text messages=5 every=10ms\n", func(ctx context.Context, env lab.Env) error {
		conn, err := env.Dial(ctx, server)
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := conn.SetWriteDeadline(ahead(longestSilence / 2)); err != nil {
			return err
		}
		for seq := range texts {
			said := strings.Repeat("x", received)
			if v.Name == "hardened" {
				said = asking(int64(seq)+1, said)
			}
			if _, err := conn.Write([]byte(said)); err != nil {
				heap = labtest.Heap()
				return nil
			}
		}
		return fmt.Errorf("the server took all of %d texts, and nobody read an answer", texts)
	})
	served := 0
	for _, e := range result.Events {
		if e.Kind == history.OK && e.Node == "client2" {
			served++
		}
	}
	require.Equal(t, 6, served)
	return heap
}

// What the power cut shows is that the log is synced before the answer.
func TestTheLogIsSynced(t *testing.T) {
	v := hardened()
	v.Roles[server] = labtest.Forgetful(runDesk)
	result := worldtest.Run(t, System(), v, "workload payload=text timeout=200ms every=20ms\nwhen client receives client/2 powercut server for 50ms\n")
	require.Contains(t, violated(result), "no-loss", "a log that is not synced loses what was answered")
}

// FuzzHardenedServer: whatever is sent, what was handled before is still there,
// and what comes after is handled. Nobody guesses the names.
func FuzzHardenedServer(f *testing.F) {
	f.Add([]byte(asking(1, "one")))
	f.Add([]byte(asking(2, "time") + asking(9, "exit")))
	f.Add([]byte("time"))
	f.Add([]byte("\x00\x00\x00\x15\x01"))
	f.Add([]byte(frame{Kind: list}.encode()))
	before := string(frame{Kind: ask, Seq: 1, Client: "before 7c41e0", Text: "one"}.encode())
	after := string(frame{Kind: ask, Seq: math.MaxInt64, Client: "after 93b5d2", Text: "two"}.encode())
	f.Fuzz(func(t *testing.T, sent []byte) {
		var said []string
		result := worldtest.InPlaceOfClient(t, System(), hardened(), "", func(ctx context.Context, env lab.Env) error {
			said = append(said, insist(ctx, env, before))
			if _, err := shout(ctx, env, string(sent)); err != nil {
				return err
			}
			said = append(said, insist(ctx, env, before), insist(ctx, env, after))
			return nil
		})
		require.Equal(t, []string{"2/1 ECHO: one", "2/1 ECHO: one", "2/9223372036854775807 ECHO: two"}, said)
		log := labtest.Values(result.Events, history.Final)
		require.Equal(t, []string{"one", "two"}, []string{log[0], log[len(log)-1]})
	})
}
