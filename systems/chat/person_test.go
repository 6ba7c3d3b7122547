package chat

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A person types in the colours and over the lines of the document ("Chatter").
func TestAPersonTypes(t *testing.T) {
	d := newDesk(t, anouk)
	d.typed = strings.NewReader("Hallo\n\nCan you hear me?\r\nlast \xff")
	s := newScreen(d, anouk)
	var said []string
	require.NoError(t, talk(context.Background(), s, func(_ context.Context, text string) error {
		said = append(said, text)
		if text == "Can you hear me?" {
			s.other("17:29", "Davide", "Yes")
			return errors.New("nobody hears it")
		}
		s.own("17:28", text, true)
		return nil
	}))
	require.Equal(t, []string{"Hallo", "Can you hear me?", "last \uFFFD"}, said)
	require.Equal(t, "\x1b[1A\x1b[2K\x1b[1;32m[17:28] Anouk>\x1b[0m Hallo\n"+
		"\x1b[1;36m[17:29] Davide>\x1b[0m Yes\n"+
		"\x1b[1A\x1b[2K\x1b[1;32m[17:28] Anouk>\x1b[0m last \uFFFD\n", d.shown.String())
	require.Empty(t, s.seen(), "there is no workload to be told")
}

func TestALineTellsWhichItIs(t *testing.T) {
	for _, person := range []string{anouk, davide, eve} {
		line := typed(person, 12)
		require.Equal(t, person, line.Source)
		require.Equal(t, int64(12), line.Seq)
		text, ok := readLine(shown("17:28", called(person)) + " " + line.Value)
		require.True(t, ok)
		require.Equal(t, line, about(text))
	}
	for _, other := range []string{"Waiting for other peer to connect...", "Other peer unreachable. Future messages may be lost.", "[", "", "$ chat Eve 8001 8000"} {
		_, ok := readLine(other)
		require.False(t, ok, other)
	}
	for _, nobodys := range []string{"", "anouk", "anouk-", "paul-1", "anouk-1-2"} {
		require.Zero(t, about(nobodys).Seq, nobodys)
	}
}
