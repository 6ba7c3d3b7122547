package lab_test

import (
	"math/bits"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

// A saved seed must mean the same run in the next version.
func TestDrawsAreStable(t *testing.T) {
	require.Equal(t, uint64(0x492a010e479410ca), lab.Draw(1, "conn", "a->b#1"))
	require.Equal(t, uint64(0xfe754a2f06cd9a87), lab.Rand(7, "id").Uint64())
}

func TestDrawTellsNamesApart(t *testing.T) {
	seen := map[uint64]string{}
	for seed := range uint64(50) {
		for _, name := range [][]string{
			nil, {""}, {"", ""}, {"a"}, {"b"}, {"a", ""}, {"", "a"}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "b", ""},
		} {
			h, what := lab.Draw(seed, name...), strconv.Itoa(int(seed))+strconv.Quote(join(name))
			require.Empty(t, seen[h], what)
			seen[h] = what
		}
	}
}

func join(name []string) (text string) {
	for _, part := range name {
		text += part + "|"
	}
	return text
}

// A draw is used modulo small numbers and by its high bits: one bit of the
// seed or one letter of the name must turn each of them half of the time.
func TestDrawMixesEveryBit(t *testing.T) {
	const draws = 4000
	for _, tc := range []struct {
		name string
		pair func(i int) (a, b uint64)
	}{
		{"seed", func(i int) (a, b uint64) {
			return lab.Draw(uint64(i), "x"), lab.Draw(uint64(i)^1<<(i%64), "x")
		}},
		{"name", func(i int) (a, b uint64) {
			return lab.Draw(1, "x", strconv.Itoa(i)), lab.Draw(1, "y", strconv.Itoa(i))
		}},
		{"count", func(i int) (a, b uint64) {
			return lab.Draw(1, strconv.Itoa(i)), lab.Draw(1, strconv.Itoa(i+1))
		}},
	} {
		turned := [64]int{}
		for i := range draws {
			a, b := tc.pair(i)
			for diff := a ^ b; diff != 0; diff &= diff - 1 {
				turned[bits.TrailingZeros64(diff)]++
			}
		}
		for bit, n := range turned {
			require.InDelta(t, draws/2, n, draws/20, "%s, bit %d", tc.name, bit)
		}
	}
}

func TestDrawTimeStaysInBounds(t *testing.T) {
	seen := map[time.Duration]bool{}
	for i := range uint64(200) {
		d := lab.DrawTime(3, 7, i)
		require.True(t, 3 <= d && d < 7, "%d", d)
		seen[d] = true
	}
	require.Len(t, seen, 4)
}

func TestRandIsOfItsName(t *testing.T) {
	require.Equal(t, lab.Rand(1, "id").Uint64(), lab.Rand(1, "id").Uint64())
	require.NotEqual(t, lab.Rand(1, "id").Uint64(), lab.Rand(2, "id").Uint64())
	require.NotEqual(t, lab.Rand(1, "id").Uint64(), lab.Rand(1, "jitter").Uint64())
	require.NotEqual(t, lab.NodeSeed(1, "sensor", 1), lab.NodeSeed(1, "sensor", 2), "a second life must not draw the first one's ids again")
	require.NotEqual(t, lab.NodeSeed(1, "sensor", 1), lab.NodeSeed(1, "forwarder", 1))
}
