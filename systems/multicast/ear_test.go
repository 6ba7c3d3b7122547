package multicast

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world/worldtest"
)

// tell sends datagrams to a hardened receiver, one after the other, and gives what
// that asked for and what it has then, from where on.
func tell(t testing.TB, datagrams ...[]byte) (asked, has []string) {
	t.Helper()
	v := hardened()
	v.Settled = nil
	v.ReadBack = func(_ context.Context, o lab.Observer) ([]history.Event, error) {
		frames, err := readFrames(o, "receiver", heardFile)
		for _, f := range frames {
			what := string(f.payload)
			if f.kind == kindJoin {
				what = "join"
			}
			has = append(has, fmt.Sprintf("%d.%d %s", f.epoch, f.seq, what))
		}
		return nil, err
	}
	worldtest.InPlaceOfClient(t, System(), v, "workload receivers=1\nsettle 100ms\n", func(ctx context.Context, env lab.Env) error {
		conn, err := env.DialPacket(ctx, "receiver")
		if err != nil {
			return err
		}
		defer conn.Close()
		asked, err = tellAll(conn, datagrams)
		return err
	})
	return asked, has
}

func tellAll(conn net.Conn, datagrams [][]byte) (asked []string, err error) {
	b := make([]byte, 1<<16)
	for _, datagram := range datagrams {
		if _, err := conn.Write(datagram); err != nil {
			return nil, err
		}
		if err := conn.SetReadDeadline(ahead(20 * time.Millisecond)); err != nil { // more than it takes there
			return nil, err
		}
		answer := "-"
		if n, err := conn.Read(b); err == nil {
			f, err := parseFrame(b[:n])
			if err != nil {
				return nil, err
			}
			first, last, _ := f.wanted()
			answer = fmt.Sprintf("%d.%d-%d", f.epoch, first, last)
		}
		asked = append(asked, answer)
	}
	return asked, nil
}

func says(epoch, seq uint64) []byte {
	return frame{kind: kindMessage, sender: sender, epoch: epoch, seq: seq, payload: fmt.Appendf(nil, "m%d", seq)}.bytes()
}

func beats(epoch, last uint64) []byte {
	return frame{kind: kindHeartbeat, sender: sender, epoch: epoch, seq: last}.bytes()
}

// TestEar: each case is what comes, and behind it what is asked for then.
func TestEar(t *testing.T) {
	for _, c := range []struct {
		name  string
		comes [][]byte
		asks  []string
		has   []string
	}{
		{
			"from the first heartbeat on",
			[][]byte{beats(1, 0), says(1, 1), says(1, 2), beats(1, 2)},
			[]string{"1.1-1", "-", "-", "1.3-3"},
			[]string{"1.1 join", "1.1 m1", "1.2 m2"},
		},
		{
			"a late join",
			[][]byte{says(1, 5), says(1, 4), beats(1, 5)},
			[]string{"-", "-", "1.6-6"},
			[]string{"1.5 join", "1.5 m5"},
		},
		{
			"a gap is asked for once, and at the heartbeat again",
			[][]byte{says(1, 1), says(1, 4), says(1, 5), beats(1, 5), says(1, 2), says(1, 3)},
			[]string{"-", "1.2-3", "-", "1.2-3", "-", "-"},
			[]string{"1.1 join", "1.1 m1", "1.2 m2", "1.3 m3", "1.4 m4", "1.5 m5"},
		},
		{
			"a second gap, when the first is closed",
			[][]byte{says(1, 1), says(1, 3), says(1, 5), says(1, 2), says(1, 4)},
			[]string{"-", "1.2-2", "-", "1.4-4", "-"},
			[]string{"1.1 join", "1.1 m1", "1.2 m2", "1.3 m3", "1.4 m4", "1.5 m5"},
		},
		{
			"the last one is lost",
			[][]byte{says(1, 1), beats(1, 2), says(1, 2)},
			[]string{"-", "1.2-2", "-"},
			[]string{"1.1 join", "1.1 m1", "1.2 m2"},
		},
		{
			"copies",
			[][]byte{says(1, 1), says(1, 1), says(1, 3), says(1, 3), says(1, 2), says(1, 2)},
			[]string{"-", "-", "1.2-2", "-", "-", "-"},
			[]string{"1.1 join", "1.1 m1", "1.2 m2", "1.3 m3"},
		},
		{
			"no more than a window at once",
			[][]byte{beats(1, 0), beats(1, 1000), says(1, 500), says(1, 1)},
			[]string{"1.1-1", "1.1-64", "-", "-"},
			[]string{"1.1 join", "1.1 m1"},
		},
		{
			"a sender on a new disk, and a datagram of the old one",
			[][]byte{says(1, 7), beats(2, 0), says(1, 8), says(2, 1)},
			[]string{"-", "2.1-1", "-", "-"},
			[]string{"1.7 join", "1.7 m7", "2.1 join", "2.1 m1"},
		},
		{
			"the document's sender, and nonsense",
			[][]byte{[]byte("Multicast message 0"), {}, {mark}, says(1, 1)[:30], frame{sender: sender}.want(1, 2).bytes(), says(1, 1)},
			[]string{"-", "-", "-", "-", "-", "-"},
			[]string{"1.1 join", "1.1 m1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked, has := tell(t, c.comes...)
			require.Equal(t, c.asks, asked)
			require.Equal(t, c.has, has)
		})
	}
}

// FuzzEar: whatever comes, a receiver goes on and has lost nothing.
func FuzzEar(f *testing.F) {
	f.Add(says(1, 3))
	f.Add(beats(1, 1<<63))
	f.Add(beats(9, 1))
	f.Add([]byte("Multicast message 0"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 65507 {
			t.Skip("no datagram is that long")
		}
		_, has := tell(t, says(1, 1), b, says(1, 1))
		require.Equal(t, []string{"1.1 join", "1.1 m1"}, has[:2])
	})
}
