package userservice

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoMadeIt(t *testing.T) {
	for seq := int64(1); seq < 8; seq++ {
		source, got := madeBy(email("client2", seq))
		require.Equal(t, "client2", source)
		require.Equal(t, seq, got)
		source, got = saidBy(plain(padded(message("client2", seq), 100)))
		require.Equal(t, "client2", source)
		require.Equal(t, seq, got)
	}
	for _, nobody := range []string{"", "alice@example.com", "david.client.0@example.com", "eve.client.3@example.com", "david.client.3", "eve.client.01@example.com"} {
		source, seq := madeBy(nobody)
		require.Empty(t, source, nobody)
		require.Zero(t, seq, nobody)
	}
	for _, nobody := range []string{"", "Hello", "client: Hello", "client/x: Hello", "client/0: Hello", "client/01: Hello"} {
		source, seq := saidBy(nobody)
		require.Empty(t, source, nobody)
		require.Zero(t, seq, nobody)
	}
}
