package echo

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

func TestOnlyAWholeMessageIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := message{
			verb: rapid.SampledFrom([]string{Ask, Tell, slow, stop, Push}).Draw(t, "verb"),
			seq:  rapid.Int64Range(0, 100000).Draw(t, "seq"),
			size: rapid.IntRange(24, 200).Draw(t, "size"),
		}
		text := m.String()
		require.Len(t, text, m.size)
		read, whole := parse(text)
		require.True(t, whole)
		require.Equal(t, m, read)

		for _, other := range []string{text + text, text + "ask 1 .", "", text[:rapid.IntRange(0, 5).Draw(t, "cut")]} {
			_, whole := parse(other)
			require.False(t, whole, "%q is no message", other)
		}
	})
}

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	for _, text := range []string{"one", "", "three"} {
		require.NoError(t, writeFrame(&b, text))
	}
	for _, want := range []string{"one", "", "three"} {
		have, err := readFrame(&b)
		require.NoError(t, err)
		require.Equal(t, want, have)
	}
	_, err := readFrame(bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff}))
	require.ErrorContains(t, err, "the longest is")
}

func TestDetailsAreReadBack(t *testing.T) {
	m := newMetered(nil)
	m.up.Add(17)
	m.down.Add(4)
	up, down, err := Traffic(m.traffic())
	require.NoError(t, err)
	require.Equal(t, [2]int64{17, 4}, [2]int64{up, down})
	require.Equal(t, "up=0 down=0", m.traffic(), "it begins anew")
	_, _, err = Traffic("closed")
	require.ErrorContains(t, err, `read the traffic in "closed"`)
	_, err = Flooded("closed")
	require.ErrorContains(t, err, `read the bytes in "closed"`)
}

// Nothing of a play is left running, whatever becomes of the server.
func TestPlaysEnd(t *testing.T) {
	system := System()
	words := world.Vocabulary(lab.Register(system))
	for _, protocol := range []string{"tcp", "udp", "http", "grpc"} {
		for _, play := range []string{Ask, Tell, Beside, Flood, Push} {
			if play == Tell && protocol == "http" {
				continue // it has no message without an answer
			}
			for _, fault := range []string{"", "\nat 30ms kill server for 100ms\n", "\nat 30ms pause server for 100ms\n"} {
				text := "system protocols\nworkload messages=20 every=5ms log=true protocol=" + protocol + " play=" + play + "\n" + fault
				sc, err := scenarios.Parse("plays", "plays", []byte(text), words)
				require.NoError(t, err)
				r := world.Run(context.Background(), world.Spec{System: system, Variant: &system.Variants[0], Scenario: sc, Seed: 1}, virtual.New())
				require.Empty(t, r.Record.Problems, text)
			}
		}
	}
}
