package chat

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// numbered is a line of a hardened Anouk.
func numbered(epoch, seq int64, text string) *chatpb.Message {
	return &chatpb.Message{Time: "17:28", Sender: "Anouk", Msg: text, To: "Davide", ToEpoch: 1, Epoch: epoch, Seq: seq, Stamp: 1}
}

// sendAll sends each message to Davide's program, over a connection of its own,
// and gives the answers: a code, or the last line that he has.
func sendAll(t testing.TB, v lab.Variant, messages ...*chatpb.Message) (answers, screen []string) {
	t.Helper()
	result := inPlaceOfAnouk(t, v, "workload lines=1 poll=1s\nsettle 100ms\n", func(ctx context.Context, env lab.Env) error {
		for _, m := range messages {
			answer, err := sendOne(ctx, env, m)
			for status.Code(err) == codes.Unavailable { // he has not read his book yet
				if err := lab.Rest(ctx, pause); err != nil {
					return err
				}
				answer, err = sendOne(ctx, env, m)
			}
			if err != nil {
				answers = append(answers, status.Code(err).String())
			} else {
				answers = append(answers, fmt.Sprintf("%d.%d", answer.GetEpoch(), answer.GetSeq()))
			}
		}
		return nil
	})
	return answers, onDavides(result)
}

func sendOne(ctx context.Context, env lab.Env, m *chatpb.Message) (*chatpb.NullMsg, error) {
	channel, err := rpc.Dial(env, davide)
	if err != nil {
		return nil, err
	}
	defer channel.Close()
	return chatpb.NewChattingServiceClient(channel).SendMessage(ctx, m)
}

// Whatever comes, the peer goes on, and what it has shown stays.
func TestHardenedPeerAnswers(t *testing.T) {
	but := func(change func(*chatpb.Message)) *chatpb.Message {
		m := numbered(1, 2, "two")
		change(m)
		return m
	}
	for _, test := range []struct {
		name    string
		message *chatpb.Message
		answer  string
		shown   bool
	}{
		{"the next line", numbered(1, 2, "two"), "1.2", true},
		{"the same again", numbered(1, 1, "one"), "1.1", false},
		{"of a later life", numbered(2, 1, "two"), "2.1", true},
		{"a copy with another text", numbered(1, 1, "two"), "1.1", false},
		{"of the document's own program", &chatpb.Message{Time: "17:28", Sender: "Paul", Msg: "two"}, "0.0", true},
		{"for somebody else", but(func(m *chatpb.Message) { m.To = "Eve" }), "FailedPrecondition", false},
		{"for nobody", but(func(m *chatpb.Message) { m.To = "" }), "FailedPrecondition", false},
		{"for another life", but(func(m *chatpb.Message) { m.ToEpoch = 2 }), "FailedPrecondition", false},
		{"without a text", but(func(m *chatpb.Message) { m.Msg = "" }), "InvalidArgument", false},
		{"too long", but(func(m *chatpb.Message) { m.Msg = strings.Repeat("x", longest+1) }), "InvalidArgument", false},
		{"without a sender", but(func(m *chatpb.Message) { m.Sender = "" }), "InvalidArgument", false},
		{"of a sender with a long name", but(func(m *chatpb.Message) { m.Sender = strings.Repeat("x", longestName+1) }), "InvalidArgument", false},
		{"of his own", but(func(m *chatpb.Message) { m.Sender = "Davide" }), "InvalidArgument", false},
		{"with half a number", but(func(m *chatpb.Message) { m.Epoch = 0 }), "InvalidArgument", false},
		{"with a negative number", but(func(m *chatpb.Message) { m.Seq = -1 }), "InvalidArgument", false},
		{"with a stamp at the end of the numbers", but(func(m *chatpb.Message) { m.Stamp = 1<<63 - 1 }), "InvalidArgument", false},
		{"with a long time", but(func(m *chatpb.Message) { m.Time = strings.Repeat("x", longestName+1) }), "InvalidArgument", false},
		{"longer than a message may be", but(func(m *chatpb.Message) { m.Msg = strings.Repeat("x", 5<<20) }), "ResourceExhausted", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			first := numbered(1, 1, "one")
			answers, screen := sendAll(t, hardened(), first, test.message, first)
			require.Equal(t, "1.1", answers[0])
			require.Equal(t, test.answer, answers[1])
			want := []string{"one"}
			if test.shown {
				want = append(want, test.message.GetMsg())
			}
			require.Equal(t, want, screen)
			require.Contains(t, []string{"1.1", test.answer}, answers[2], "the node is not what it was")
		})
	}
}

// The document's program has no numbers: what it says twice stands there twice.
func TestOriginalPeerAnswers(t *testing.T) {
	one := &chatpb.Message{Time: "17:28", Sender: "Anouk", Msg: "one"}
	answers, screen := sendAll(t, original(), one, one, &chatpb.Message{}, one)
	require.Equal(t, []string{"0.0", "0.0", "Internal", "0.0"}, answers)
	require.Equal(t, []string{"one", "one", "one"}, screen)
}

func TestWhatIsShownDoesNothingToATerminal(t *testing.T) {
	require.Equal(t, "no�[17:29] Anouk> I owe you\x20�[2J é", harmless("no\n[17:29] Anouk> I owe you \x1b[2J é"))
}

func FuzzHardenedPeer(f *testing.F) {
	f.Add("17:28", "Anouk", "two", "Davide", int64(1), int64(1), int64(2), int64(1))
	f.Add("", "", "", "", int64(0), int64(0), int64(0), int64(0))
	f.Add("17:28", "Anouk", "two", "Davide", int64(1), int64(1)<<62, int64(1)<<62, int64(1)<<62)
	f.Fuzz(func(t *testing.T, at, sender, text, to string, toEpoch, epoch, seq, stamp int64) {
		m := &chatpb.Message{Time: at, Sender: sender, Msg: text, To: to, ToEpoch: toEpoch, Epoch: epoch, Seq: seq, Stamp: stamp}
		first := numbered(1, 1, "one")
		answers, screen := sendAll(t, hardened(), first, m, first)
		require.Regexp(t, `^\d+\.\d+$`, answers[2], "the node is not what it was")
		require.Equal(t, "one", screen[0], "what was shown is not there")
		require.LessOrEqual(t, len(screen), 2)
	})
}
