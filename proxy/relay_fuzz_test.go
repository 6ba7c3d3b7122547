package proxy

import (
	"bytes"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzDatagram sends any bytes through a relay, with and without a fault in the
// way, and there and back nothing else comes of them than the fault says.
func FuzzDatagram(f *testing.F) {
	l := newRelayLink(f, Limits{})
	conn, err := net.Dial("udp", l.Addr())
	require.NoError(f, err)
	f.Cleanup(func() { conn.Close() })
	relay := l.Relay // fuzzing forbids whatever belongs to f

	type pass struct {
		kind  string
		attrs attrs
		check func(t *testing.T, sent, got []byte)
	}
	same := func(t *testing.T, sent, got []byte) { require.True(t, bytes.Equal(sent, got)) }
	passes := []pass{
		{"", nil, same},
		{"latency", attrs{"latency": "0s"}, same},
		{"reorder", attrs{"probability": "100", "delay": "0s"}, same},
		{"truncate", attrs{"bytes": "3"}, func(t *testing.T, sent, got []byte) {
			require.True(t, bytes.Equal(sent[:min(3, len(sent))], got))
		}},
		{"corrupt", attrs{"probability": "100", "bits": "5"}, func(t *testing.T, sent, got []byte) {
			require.Len(t, got, len(sent))
			require.Equal(t, min(5, 8*len(sent)), differentBits(sent, got))
		}},
	}
	for i := range passes {
		f.Add([]byte("hello"), uint8(i))
		f.Add([]byte{}, uint8(i))
		f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 1}, uint8(i)) // as long as a mark
		f.Add(bytes.Repeat([]byte{0xff}, 1473), uint8(i))
	}
	f.Fuzz(func(t *testing.T, sent []byte, which uint8) {
		if len(sent) > MaxDatagram {
			return
		}
		p := passes[int(which)%len(passes)]
		if p.kind != "" {
			fault, err := relay.Inject(t.Context(), Fault{Kind: p.kind, Upstream: true, Values: valuesOf(t, p.attrs), Seed: 1})
			require.NoError(t, err)
			defer func() {
				_, err := fault.Heal(t.Context())
				require.NoError(t, err)
			}()
		}
		_, err := conn.Write(sent)
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
		got := make([]byte, MaxDatagram+1)
		n, err := conn.Read(got)
		require.NoError(t, err)
		p.check(t, sent, got[:n])
	})
}
